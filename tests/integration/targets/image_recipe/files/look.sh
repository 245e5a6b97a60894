#!/bin/sh
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# Inside the guest, as root: what the recipe should have made, a fact in a line.
fact() { printf '%s=%s\n' "$1" "$(eval "$2" 2>&1 | tr '\n' ' ' | sed 's/ $//')"; }
fact hostname 'hostname'
fact hosts 'getent hosts 127.0.1.1 | tr -s " "'
fact timezone 'date +%Z; cat /etc/timezone'
fact locale 'cat /etc/default/locale'
fact user 'getent passwd ops'
fact groups 'id -nG ops'
fact home 'stat -c "%U %a" /home/ops /home/ops/.ssh/authorized_keys'
fact skel 'ls -A /home/ops | grep -c bashrc'
fact password 'python3 -W ignore -c "import crypt,spwd; h=spwd.getspnam(\"ops\").sp_pwd; print(crypt.crypt(\"battery staple\", h) == h)"'
fact root 'python3 -W ignore -c "import crypt,spwd; h=spwd.getspnam(\"root\").sp_pwd; print(h[:4], crypt.crypt(\"!correct horse\"[1:], h[1:]) == h[1:])"'
fact directory 'stat -c "%U %G %a" /srv/www'
fact file 'stat -c "%U %G %a" /srv/www/index.html; cat /srv/www/index.html'
fact upload 'cat /etc/uploaded'
fact link 'readlink /srv/current'
fact line 'grep -c "^MaxSessions 42" /etc/ssh/sshd_config.d/50-test.conf'
fact augeas 'sshd -T | grep -i permitrootlogin'
fact deleted 'ls -d /usr/share/bug'
fact installed "dpkg-query -W -f '\${db:Status-Status}' test-recipe; cat /usr/share/test-recipe"
fact removed "dpkg-query -W -f '\${db:Status-Status}' less"
fact enabled 'systemctl is-enabled test-recipe.service; systemctl is-active test-recipe.service; systemctl is-enabled getty@tty1'
fact command 'cat /etc/made-by-command'
fact script 'cat /etc/made-by-script'
fact first_boot 'cat /etc/made-at-first-boot; ls /var/lib/tinycloud/first-boot/scripts | wc -l; cat /var/log/tinycloud-first-boot.log'
fact datasource 'cat /etc/cloud/cloud.cfg.d/99-tinycloud-datasource.cfg'
fact network 'grep . /etc/systemd/network/10-tinycloud-enx.network'
fact size "df -BM --output=size / | awk 'NR == 2 {print (\$1 + 0 > 2500 ? \"larger\" : \$1)}'"
fact traces 'ls /root/.bash_history /home/ops/.python_history /var/lib/dhcp/dhclient.test.leases /var/log/test-recipe.log /var/tmp/test-recipe 2>/dev/null | wc -l'
fact hostkeys 'ls /etc/ssh/ssh_host_*_key | wc -l'
fact machine_id 'wc -c < /etc/machine-id'
