import { defineFactory } from "../../../core/factory/define-factory.ts";
import { every } from "../../../core/factory/schedule-schema.ts";

/** Names unrelated to systems, another account, and its landing zone's resources: network, keys, roles. */
export default defineFactory({
  name: "zorblax-7",
  buildRegion: "ap-southeast-1",
  regions: ["ap-southeast-1", "ap-south-1"],
  organization: { id: "o-q7w8e9r0t1", managementAccountId: "222200007777", rootId: "r-q7w8" },
  network: { vpcId: "vpc-0a1b2c3d4e5f67890", subnetIds: ["subnet-0a1b2c3d4e5f67890", "subnet-0f9e8d7c6b5a43210"] },
  instanceRole: "arn:aws:iam::444433332222:role/landing-zone/builders",
  executionRole: "arn:aws:iam::444433332222:role/image-builder",
  permissionsBoundary: "arn:aws:iam::444433332222:policy/boundary",
  instanceParameters: ["/builds/token"],
  resourceTags: { "cost-center": "42" },
  keys: { "ap-south-1": "arn:aws:kms:ap-south-1:444433332222:key/1234abcd-12ab-34cd-56ef-1234567890ab" },
  enableInspector: false,
  consumers: { verify: ["333300007777"] },
  notify: { email: ["a@example.com"], slack: { channel: "#q" } },
  people: { zz: { principals: ["arn:aws:sts::444433332222:assumed-role/Z/zz"] }, yy: { slack: "U0YYYYYYYY" } },
  images: {
    "x-1": {
      os: "ubuntu-2404",
      architecture: "x86_64",
      parent: { ssm: "/aws/service/canonical/ubuntu/eks-pro/24.04/1.33/stable/current/amd64/hvm/ebs-gp3/ami-id" },
      components: ["images/components/update-ubuntu.yaml", "images/components/agents.yaml"],
      tests: ["images/components/smoke.yaml"],
      instanceTypes: ["c7i.large"],
      volumeGiB: 20,
      triggers: { schedule: every("cron(30 1 ? * TUE,FRI *)"), packages: { severity: "critical" }, base: true },
      gate: { cve: { medium: 0, count: "all" }, packages: { required: ["chrony"], forbidden: ["telnet"] } },
      channels: [
        { name: "alpha", share: { organizationalUnits: ["ou-q7w8-aaaaaaaa"] }, soak: "90m" },
        {
          name: "omega",
          share: { organization: true, except: { organizationalUnits: ["ou-q7w8-bbbbbbbb"] } },
          approval: { approvers: ["zz", "yy"], required: 1 },
        },
      ],
    },
    "amazon-linux": {
      os: "al2",
      architecture: "x86_64",
      parent: { ssm: "/aws/service/ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-x86_64-gp2" },
      components: ["aws:update-linux"],
      tests: ["aws:simple-boot-test-linux"],
      triggers: { packages: { severity: "important" } },
      gate: { cve: { critical: 2, count: "fixable" } },
      channels: [{ name: "ubuntu", share: { organizationalUnits: ["ou-q7w8-aaaaaaaa"] } }],
    },
  },
});
