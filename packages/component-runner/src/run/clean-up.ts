import { quote } from "../actions/quote.ts";

/**
 * Image Builder removes these files from a build instance before it creates the image. An empty file named
 * `skip_cleanup_<section>` in the working directory skips a section (user guide, "Security best practices for Image Builder").
 */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  cloudinit_files: [
    "/etc/sudoers.d/90-cloud-init-users",
    "/etc/locale.conf",
    "/var/log/cloud-init.log",
    "/var/log/cloud-init-output.log",
    "/var/lib/cloud/*",
  ],
  instance_files: [
    "/etc/.updated",
    "/etc/aliases.db",
    "/etc/hostname",
    "/var/lib/misc/postfix.aliasesdb-stamp",
    "/var/lib/postfix/master.lock",
    "/var/spool/postfix/pid/master.pid",
    "/var/.updated",
    "/var/cache/yum/x86_64/2/.gpgkeyschecked.yum",
  ],
  ssh_files: [
    "/etc/ssh/ssh_host_rsa_key",
    "/etc/ssh/ssh_host_rsa_key.pub",
    "/etc/ssh/ssh_host_ecdsa_key",
    "/etc/ssh/ssh_host_ecdsa_key.pub",
    "/etc/ssh/ssh_host_ed25519_key",
    "/etc/ssh/ssh_host_ed25519_key.pub",
    "/root/.ssh/authorized_keys",
    "/home/*/.ssh/authorized_keys",
  ],
  instance_log_files: ["/var/log/audit/audit.log", "/var/log/boot.log", "/var/log/dmesg", "/var/log/cron"],
  toe_files: ["$work/TOE_*"],
  ssm_log_files: ["/var/log/amazon/ssm"],
};

/** These cannot be skipped. */
const ALWAYS = [
  "/var/log/sa/sa*",
  "/var/lib/dhclient/dhclient*.lease",
  "/var/tmp/*",
  "/var/lib/systemd/random-seed",
  "/var/lib/rsyslog/imjournal.state",
  "/var/log/journal/*",
];

/** @param workingDirectory the recipe's */
export const cleanUpScript = (workingDirectory: string): string =>
  [
    `work=${quote(workingDirectory)}`,
    "shopt -s nullglob dotglob",
    ...Object.entries(SECTIONS).map(
      ([section, paths]) => `[ -f "$work/skip_cleanup_${section}" ] || rm -rf ${paths.join(" ")}`,
    ),
    `rm -rf ${ALWAYS.join(" ")}`,
    "touch /etc/machine-id",
  ].join("\n");
