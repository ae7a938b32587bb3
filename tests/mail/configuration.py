"""The configuration of the real mail servers: the least that delivers, bounces and signs in."""

from typing import Any


def oauth(mail: Any) -> str:
    return f"""\
introspection_url = http://127.0.0.1:{mail.tokens.port}/introspect
introspection_mode = post
username_attribute = email
active_attribute = active
active_value = true
"""


def dovecot(mail: Any) -> str:
    return f"""\
base_dir = {mail.home}/run
state_dir = {mail.home}/run
log_path = {mail.home}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
instance_name = t{mail.imap}
default_login_user = dovenull
default_internal_user = dovecot
ssl = yes
ssl_cert = <{mail.certificate}
ssl_key = <{mail.key}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_verbose = yes
mail_location = maildir:{mail.home}/mail/%d/%n
mail_uid = vmail
mail_gid = vmail
first_valid_uid = 1
mail_plugins = quota
mail_max_userip_connections = 50
protocol imap {{
  mail_plugins = quota imap_quota
  imap_idle_notify_interval = 30 s
}}
protocol lmtp {{
  mail_plugins = quota
}}
plugin {{
  quota = count:User quota
  quota_rule = *:storage=100M
  quota_grace = 0
  quota_vsizes = yes
}}
quota_full_tempfail = no
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {mail.home}/dovecot/oauth2.conf
}}
passdb {{
  driver = passwd-file
  args = username_format=%u {mail.home}/dovecot/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {mail.home}/dovecot/users
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {mail.imap}
  }}
  inet_listener imaps {{
    port = {mail.imaps}
  }}
}}
service lmtp {{
  unix_listener lmtp {{
    user = postfix
    group = postfix
    mode = 0600
  }}
}}
service auth {{
  unix_listener auth-postfix {{
    user = postfix
    group = postfix
    mode = 0600
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = create
  }}
}}
"""


def main_cf(mail: Any) -> str:
    return f"""\
compatibility_level = 3.6
queue_directory = {mail.home}/spool
data_directory = {mail.home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
shlib_directory = /usr/lib/postfix
maillog_file = {mail.home}/postfix.log
maillog_file_prefixes = {mail.home}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.customer.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = shop.test customer.test
virtual_transport = lmtp:unix:{mail.home}/run/lmtp
smtputf8_enable = yes
smtpd_tls_cert_file = {mail.certificate}
smtpd_tls_key_file = {mail.key}
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = {mail.home}/run/auth-postfix
smtpd_relay_restrictions = permit_sasl_authenticated, permit_mynetworks, reject_unauth_destination
recipient_delimiter = +
message_size_limit = 30000000
disable_dns_lookups = yes
default_transport = error:5.1.2 no outside world
bounce_queue_lifetime = 60s
maximal_queue_lifetime = 60s
minimal_backoff_time = 5s
maximal_backoff_time = 10s
queue_run_delay = 5s
biff = no
"""


def master_cf(mail: Any) -> str:
    return f"""\
{mail.smtp}     inet  n       -       n       -       -       smtpd
{mail.submission}     inet  n       -       n       -       -       smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""
