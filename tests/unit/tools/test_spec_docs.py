# SPDX-License-Identifier: GPL-3.0-or-later
"""The tool that copies options of single modules to where lists of them are documented."""
from __future__ import annotations

import importlib.util
import pathlib
import textwrap

import pytest

PATH = pathlib.Path(__file__).resolve().parents[2] / "tools/spec_docs.py"
SPEC = importlib.util.spec_from_file_location("spec_docs", PATH)
spec_docs = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(spec_docs)

POOL = '''
DOCUMENTATION = r"""
module: pool
options:
  name:
    description: Name of the pool.
    type: str
    required: true
  uri:
    description: The connection.
    type: str
  permissions:
    description:
      - Needs O(name), see O(permissions.mode=0711) and O(uri).
    type: dict
    suboptions:
      mode:
        type: str
  adopt:
    type: bool
seealso: []
"""
'''
ENVIRONMENT = '''
DOCUMENTATION = r"""
module: environment
options:
  pools:
    type: list
    elements: dict
    suboptions:
      # begin: options of pool as pools[], without adopt
      stale: {}
      # end: options of pool
  wait:
    type: dict
"""
'''
WRITTEN = '''
DOCUMENTATION = r"""
module: environment
options:
  pools:
    type: list
    elements: dict
    suboptions:
      # begin: options of pool as pools[], without adopt
      name:
        description: Name of the pool.
        type: str
        required: true
      permissions:
        description:
          - Needs O(pools[].name), see O(pools[].permissions.mode=0711) and O(uri).
        type: dict
        suboptions:
          mode:
            type: str
      # end: options of pool
  wait:
    type: dict
"""
'''


@pytest.fixture
def root(tmp_path):
    modules = tmp_path / "plugins/modules"
    modules.mkdir(parents=True)
    (modules / "pool.py").write_text(POOL, "utf-8")
    (modules / "environment.py").write_text(ENVIRONMENT, "utf-8")
    return tmp_path


def environment(root):
    return (root / "plugins/modules/environment.py").read_text("utf-8")


def test_options_are_copied_to_their_place(root):
    assert spec_docs.main(root, check=False) == 0
    assert environment(root) == WRITTEN


def test_writing_twice_is_writing_once(root):
    spec_docs.main(root, check=False)
    assert spec_docs.main(root, check=True) == 0
    spec_docs.main(root, check=False)
    assert environment(root) == WRITTEN


def test_check_says_what_drifted_and_writes_nothing(root, capsys):
    assert spec_docs.main(root, check=True) == 1
    assert "plugins/modules/environment.py has drifted" in capsys.readouterr().out
    assert environment(root) == ENVIRONMENT


def test_roles_call_suboptions_options(root):
    specs = root / "roles/tenant/meta/argument_specs.yml"
    specs.parent.mkdir(parents=True)
    specs.write_text(textwrap.dedent("""\
        argument_specs:
          main:
            options:
              tenant_pools:
                options:
                  # begin: options of pool as tenant_pools[], without name, adopt
                  # end: options of pool
        """), "utf-8")
    spec_docs.main(root, check=False)
    assert specs.read_text("utf-8").splitlines()[5:] == [
        "          # begin: options of pool as tenant_pools[], without name, adopt",
        "          permissions:",
        "            description:",
        "              - Needs O(name), see O(tenant_pools[].permissions.mode=0711) and O(uri).",
        "            type: dict",
        "            options:",
        "              mode:",
        "                type: str",
        "          # end: options of pool",
    ]


def test_the_suboptions_of_one_option_are_copied_and_go_along(root):
    modules = root / "plugins/modules"
    (modules / "vm.py").write_text(ENVIRONMENT.replace("of pool as pools[], without adopt", "of pool.permissions as rights")
                                   .replace("end: options of pool", "end: options of pool.permissions"), "utf-8")
    (modules / "environment.py").write_text(ENVIRONMENT.replace("of pool as pools[], without adopt", "of vm as vms[], without wait")
                                            .replace("end: options of pool", "end: options of vm"), "utf-8")
    assert spec_docs.main(root, check=False) == 0
    assert spec_docs.main(root, check=True) == 0
    assert "      # begin: options of pool.permissions as rights\n      mode:\n        type: str\n" in (modules / "vm.py").read_text("utf-8")
    copied = environment(root)
    assert copied.count("begin: options of") == 1
    assert "          mode:\n            type: str\n" in copied


@pytest.mark.parametrize(("wrong", "right", "said"), [
    ("# end: options of pool", "# end of it", "begin or an end without the other"),
    ("of pool", "of pond", "options of pond, which is no module"),
    ("without adopt", "without color", "leaves out color, which pool does not have"),
])
def test_mistakes_are_named(root, capsys, wrong, right, said):
    path = root / "plugins/modules/environment.py"
    path.write_text(ENVIRONMENT.replace(wrong, right), "utf-8")
    assert spec_docs.main(root, check=False) == 1
    assert said in capsys.readouterr().out


def test_lines_that_get_too_long_are_refused(root, capsys):
    path = root / "plugins/modules/pool.py"
    path.write_text(POOL.replace("Name of the pool.", "x" * 140), "utf-8")
    assert spec_docs.main(root, check=False) == 1
    assert "break it" in capsys.readouterr().out
