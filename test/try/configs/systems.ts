import { type ImageOs, imageOsNames, imageSystemOf } from "../../../core/component/image-system.ts";
import { defineFactory } from "../../../core/factory/define-factory.ts";

/** What images start from whose systems have no public parameter of their own. */
const parents: Readonly<Partial<Record<ImageOs, string>>> = {
  "al2023-eks": "/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended/image_id",
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
  const marketplace = "/aws/service/marketplace/prod-1234567890abc/latest";
  return {
    os,
    architecture: "x86_64" as const,
    ...(!parent && { parent: { ssm: parents[os] ?? marketplace.replace("prod", `prod-${os}`) } }),
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
  name: "systems",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-s1y2s3t4e5", managementAccountId: "222200007777", rootId: "r-s1y2" },
  consumers: { verify: ["333300007777"] },
  images: Object.fromEntries(imageOsNames.map((os) => [os, imageOf(os)])),
});
