import { defineFactory } from "amint";

/**
 * nginx on a hardened Debian 12. All of it can be built and tested on this machine: no step needs a kernel of its own, and the
 * gate judges only what a build here can show.
 */
export default defineFactory({
  name: "debian-example",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-exampleorgid", managementAccountId: "999988887777", rootId: "r-exam" },
  consumers: { verify: ["200000000001"] },
  images: {
    "debian-12-web": {
      description: "nginx on a hardened Debian 12",
      os: "debian-12",
      architecture: "x86_64",
      parent: { ssm: "/aws/service/debian/release/12/latest/amd64" },
      components: [
        "amint:update-debian",
        "demo/debian/components/web-server.yaml",
        "demo/debian/components/ssh-host-keys.yaml",
        "amint:harden-ssh",
        "amint:harden-accounts",
        "demo/debian/components/harden-files.yaml",
        "demo/debian/components/harden-network.yaml",
        "demo/debian/components/harden-nginx.yaml",
      ],
      // Each `harden-<part>` has its `<part>-tests`: `node demo/debian/leave-out.ts` shows that they notice its absence.
      tests: [
        "demo/debian/components/web-server-tests.yaml",
        "demo/debian/components/ssh-tests.yaml",
        "demo/debian/components/accounts-tests.yaml",
        "demo/debian/components/files-tests.yaml",
        "demo/debian/components/network-tests.yaml",
        "demo/debian/components/nginx-tests.yaml",
      ],
      triggers: { packages: { severity: "unknown" }, base: true },
      gate: {
        // No limits: findings come from Amazon Inspector, which does not scan what is built here.
        cve: { count: "fixable" },
        packages: { required: ["nginx", "openssh-server"], forbidden: ["telnetd", "rsh-server"] },
        sbom: "required",
      },
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-exam-sandbox1"] }, soak: "24h" },
        { name: "stable", share: { organization: true } },
      ],
    },
  },
});
