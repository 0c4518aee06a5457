import { type ImageOs, imageOsNames, imageSystemOf } from "../../../core/component/image-system.ts";
import { defineFactory } from "../../../core/factory/define-factory.ts";

const ami = (owner: string, name: string) => ({ ami: { owner, name } });

/** Parents of systems without a public parameter: AMIs of their vendors' accounts. */
const parents: Readonly<Partial<Record<ImageOs, ReturnType<typeof ami> | { readonly ssm: string }>>> = {
  "al2023-eks": { ssm: "/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended/image_id" },
  "rhel-8": ami("309956199498", "RHEL-8*_HVM-*-x86_64-*-Hourly2-GP3"),
  "rhel-9": ami("309956199498", "RHEL-9*_HVM-*-x86_64-*-Hourly2-GP3"),
  "rhel-10": ami("309956199498", "RHEL-10*_HVM-*-x86_64-*-Hourly2-GP3"),
  "rocky-9": ami("792107900819", "Rocky-9-EC2-Base-9.*.x86_64"),
  "rocky-10": ami("792107900819", "Rocky-10-EC2-Base-10.*.x86_64"),
  "alma-9": ami("764336703387", "AlmaLinux OS 9*x86_64"),
  "alma-10": ami("764336703387", "AlmaLinux OS 10*x86_64"),
};

/** Debian's archive does not. */
const saysSeverities = (os: ImageOs): boolean => !os.startsWith("debian");

const openscap = {
  content: { url: "https://example.com/ssg-ds.xml", sha256: "a".repeat(64) },
  profile: "xccdf_org.ssgproject.content_profile_stig",
  leastChecks: 20,
  categories: { I: 0, II: 0 },
};

const imageOf = (os: ImageOs) => {
  const { parent, update, platform, inspectorCis } = imageSystemOf(os);
  return {
    os,
    architecture: "x86_64" as const,
    ...(!parent && { parent: parents[os] }),
    components: platform === "Windows" ? [update, "amint:windows-hardening"] : [update],
    ...(platform === "Windows" && { tests: ["amint:windows-system-tests", "amint:windows-hardening-tests"] }),
    triggers: {
      base: true,
      packages: { severity: saysSeverities(os) ? ("important" as const) : ("unknown" as const) },
    },
    gate: {
      cve: { high: 0, count: "fixable" as const },
      sbom: "required" as const,
      benchmark: inspectorCis ? { by: "inspector" as const, level: 1 as const, leastChecks: 20 } : openscap,
    },
    channels: [{ name: "stable", share: { organization: true as const } }],
  };
};

/** An image of each operating system. */
export default defineFactory({
  // Short: the ARNs of all images fit one event pattern of at most 2,048 characters.
  name: "os",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-s1y2s3t4e5", managementAccountId: "222200007777", rootId: "r-s1y2" },
  consumers: { verify: ["333300007777"] },
  images: Object.fromEntries(imageOsNames.map((os) => [os, imageOf(os)])),
});
