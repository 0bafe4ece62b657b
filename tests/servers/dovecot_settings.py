"""The configuration of a Dovecot of one user, by version: 2.4 renamed most of what 2.3 knew (reference email.md 5.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Wanted:
    """What one server of the tests is to be."""

    folder: Path
    user: str
    group: str
    imap_port: int
    lmtp_port: int
    submission_port: int
    processed: str
    """A folder that every mailbox has."""


def _common(wanted: Wanted) -> str:
    return f"""
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {wanted.folder}/run
state_dir = {wanted.folder}/state
log_path = {wanted.folder}/log
instance_name = {wanted.folder.name}
ssl = no
auth_mechanisms = plain login
# Dovecot wants two users of its own and chroots; without root there is one user, and no chroot.
default_internal_user = {wanted.user}
default_internal_group = {wanted.group}
default_login_user = {wanted.user}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
mail_uid = {wanted.user}
mail_gid = {wanted.group}
first_valid_uid = 1
recipient_delimiter = +
namespace inbox {{
  inbox = yes
  separator = /
  mailbox "{wanted.processed}" {{
    auto = subscribe
  }}
}}
submission_host = 127.0.0.1:{wanted.submission_port}
"""


def _listeners(wanted: Wanted, address: str) -> str:
    return f"""
service imap-login {{
  chroot =
  inet_listener imap {{
    {address} = 127.0.0.1
    port = {wanted.imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    {address} = 127.0.0.1
    port = {wanted.lmtp_port}
  }}
}}
"""


def version_2_3(wanted: Wanted) -> str:
    """For Debian 12 and Ubuntu 24.04."""
    return _common(wanted) + _listeners(wanted, "address") + f"""
disable_plaintext_auth = no
auth_username_format = %Lu
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%Lu {wanted.folder}/people/%Lu
}}
userdb {{
  driver = passwd-file
  args = username_format=%Lu {wanted.folder}/people/%Lu
}}
mail_home = {wanted.folder}/mail/%Lu
mail_location = maildir:~/Maildir
mail_plugins = quota
protocol lmtp {{
  mail_plugins = $mail_plugins sieve
}}
plugin {{
  quota = maildir:User quota
  sieve = file:~/rules.sieve
}}
"""


def version_2_4(wanted: Wanted) -> str:
    """For Debian 13. The version of the settings comes first."""
    user = "%{user | lower}"
    version = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"
    return version + _common(wanted) + _listeners(wanted, "listen") + f"""
auth_allow_cleartext = yes
auth_username_format = {user}
passdb passwd-file {{
  passwd_file_path = {wanted.folder}/people/{user}
  default_password_scheme = PLAIN
}}
userdb passwd-file {{
  passwd_file_path = {wanted.folder}/people/{user}
}}
mail_home = {wanted.folder}/mail/{user}
mail_driver = maildir
mail_path = ~/Maildir
mail_plugins {{
  quota = yes
}}
protocol lmtp {{
  mail_plugins {{
    quota = yes
    sieve = yes
  }}
}}
quota_storage_grace = 0
quota "User quota" {{
  driver = maildir
}}
sieve_script personal {{
  driver = file
  path = ~/rules.sieve
}}
"""


#: By the first two numbers of the version.
SETTINGS: dict[str, Callable[[Wanted], str]] = {"2.3.": version_2_3, "2.4.": version_2_4}
