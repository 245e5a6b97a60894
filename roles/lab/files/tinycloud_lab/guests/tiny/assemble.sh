#!/bin/sh
# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# Make the tiny guest's root ($2) out of a tree of unpacked Debian packages ($1), with the files
# that lie beside this script.
set -eu
packages=$1 root=$2 here=$(dirname "$0")

# Unpacked without being installed, the tree lacks the links that usr-merge brings.
for link in bin sbin lib lib64; do ln -sfn "usr/$link" "$packages/$link"; done
release=$(ls "$packages/usr/lib/modules")

mkdir -p "$root"/dev "$root"/proc "$root"/sys "$root"/run "$root"/tmp "$root"/mnt "$root"/root/.ssh \
    "$root"/home "$root"/etc/acpi/PWRF "$root"/etc/dropbear "$root"/var/lib/cloud "$root"/var/log \
    "$root"/usr/bin "$root"/usr/sbin "$root"/usr/lib "$root"/usr/lib64 "$root"/etc/udhcpc "$root"/boot/grub
for link in bin sbin lib lib64; do ln -sfn "usr/$link" "$root/$link"; done
ln -s ../run "$root/var/run"
chmod 700 "$root/root/.ssh" && chmod 1777 "$root/tmp"

# Programs, and the libraries that the loader says they need.
cp "$packages/usr/bin/busybox" "$root/usr/bin/"
for program in usr/sbin/dropbear usr/bin/dropbearkey usr/sbin/qemu-ga; do
    cp "$packages/$program" "$root/$program"
    for library in $(chroot "$packages" /lib64/ld-linux-x86-64.so.2 --list "/$program" 2>/dev/null |
            grep -o '/[^ ]*\.so[^ ]*'); do
        mkdir -p "$root$(dirname "$library")"
        cp -L "$packages$library" "$root$library"
    done
done
for applet in $("$packages/usr/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -sf busybox "$root/usr/bin/$applet"
done
for applet in init getty halt poweroff reboot; do ln -sf ../bin/busybox "$root/usr/sbin/$applet"; done

# Modules, uncompressed because busybox cannot read xz ones, with the dependencies they name.
copy_modules() {
    target=$1; shift
    mkdir -p "$target/lib/modules/$release"
    for module in "$@"; do
        chroot "$packages" modprobe -S "$release" --show-depends "$module" |
            sed -n 's/^insmod //p'
    done | awk '!seen[$1]++ {print $1}' | while read -r file; do
        name=$(basename "$file" .xz)
        xz -dc "$packages$file" > "$target/lib/modules/$release/$name"
        echo "$name" >> "$target/lib/modules/$release/order"
    done
}
# Modules that depmod cannot read would be left out without a word.
if chroot "$packages" depmod "$release" 2>&1 | grep ERROR; then exit 1; fi
copy_modules "$root" virtio_net virtio_balloon virtio_mem sr_mod ahci ata_piix virtio_scsi sd_mod \
    virtio_blk isofs vfat nls_ascii nls_cp437 button evdev 8021q i6300esb

install -m 755 "$here/rc" "$here/shutdown" "$root/usr/sbin/"
install -m 755 "$here/seed" "$root/usr/sbin/apply-seed"
install -m 755 "$here/udhcpc" "$root/etc/udhcpc/default.script"
install -m 644 "$here/inittab" "$here/os-release" "$here/grub.cfg" "$root/etc/"
mv "$root/etc/grub.cfg" "$root/boot/grub/"
printf '#!/bin/sh\nexec poweroff\n' > "$root/etc/acpi/PWRF/00000080"
chmod 755 "$root/etc/acpi/PWRF/00000080"
echo 'root:x:0:0:root:/root:/bin/sh' > "$root/etc/passwd"
echo 'root:*:19000::::::' > "$root/etc/shadow" && chmod 600 "$root/etc/shadow"
echo 'root:x:0:' > "$root/etc/group"
echo /bin/sh > "$root/etc/shells"

# The initramfs only finds the root disk.
early=$(mktemp -d)
mkdir -p "$early"/bin "$early"/dev "$early"/proc "$early"/sys "$early"/root
cp "$packages/usr/bin/busybox" "$early/bin/"
{ echo '#!/bin/busybox sh'; cat "$here/init"; } > "$early/init"
chmod 755 "$early/init"
copy_modules "$early" virtio_blk virtio_scsi sd_mod ahci ata_piix
(cd "$early" && find . | "$packages/usr/bin/busybox" cpio -o -H newc) | gzip -9 > "$root/boot/initrd.img"
rm -r "$early"
cp "$packages"/boot/vmlinuz-* "$root/boot/vmlinuz"
