import { scannedResources } from "../../evidence/scanned-resources.ts";
import type { Factory } from "../factory-schema.ts";
import { type Check, fails, fine } from "./check.ts";

export interface InspectorFacts {
  /** Resource types that the factory needs and Inspector does not scan. */
  readonly unscanned: readonly string[];
  /** The organization's delegated administrator for Inspector. */
  readonly administrator: string | undefined;
  readonly account: string;
}

/** Image Builder refuses pipelines that scan where Inspector is off; members cannot turn it off (Inspector user guide). */
export function decideInspector(factory: Factory, { unscanned, administrator, account }: InspectorFacts): Check {
  const { enableInspector, buildRegion } = factory;
  const subject = { check: "inspector", where: "enableInspector" };
  const types = scannedResources(factory);
  const found =
    unscanned.length === 0
      ? `Amazon Inspector scans ${types.join(" and ")} in ${buildRegion}`
      : `Amazon Inspector does not scan ${unscanned.join(" and ")} in ${buildRegion}`;
  if (enableInspector && administrator !== undefined && administrator !== account) {
    return fails(
      subject,
      `${found}; account ${administrator} administers it for the organization`,
      "removing the stack: a member account cannot turn Amazon Inspector off",
      `set enableInspector: false, and have account ${administrator} scan ${types.join(" and ")} in account ${account}`,
    );
  }
  if (!enableInspector && unscanned.length > 0) {
    return fails(
      subject,
      found,
      "the deployment: Image Builder refuses pipelines that scan",
      `aws inspector2 enable --resource-types ${unscanned.join(" ")} --region ${buildRegion}, or set enableInspector: true`,
    );
  }
  return fine(subject, unscanned.length === 0 ? found : `${found}; the deployment turns it on`);
}

/** Image Builder creates its role with the first resource, using the caller's rights (Image Builder user guide). */
export function decideServiceLinkedRole(exists: boolean, mayCreate: boolean): Check {
  const subject = { check: "service-linked-role", where: "AWSServiceRoleForImageBuilder" };
  if (exists) return fine(subject, "exists");
  if (mayCreate) return fine(subject, "does not exist; the deployment makes it");
  return fails(
    subject,
    "does not exist, and these credentials may not create it",
    "the deployment: Image Builder refuses the first resource of an account",
    "aws iam create-service-linked-role --aws-service-name imagebuilder.amazonaws.com, as an administrator",
  );
}

/** Exports use unencrypted snapshots, which EBS refuses to start if encryption is the default. */
export function decideEncryption(
  { images }: Pick<Factory, "images">,
  regions: readonly { readonly region: string; readonly encrypts: boolean; readonly key: string }[],
): Check[] {
  const exporting = Object.entries(images).flatMap(([name, { channels }]) =>
    channels.flatMap(({ exports }, nth) => (exports ? [`images.${name}.channels[${nth}].exports`] : [])),
  );
  return regions.map(({ region, encrypts, key }) => {
    const found = encrypts ? `on in ${region}, with ${key}` : `off in ${region}`;
    const [first] = exporting;
    const subject = { check: "ebs-encryption", where: first ?? region };
    if (!encrypts || first === undefined) return fine(subject, found);
    return fails(
      subject,
      found,
      "exports: EC2 exports no encrypted disk, and EBS starts no other snapshot",
      `aws ec2 disable-ebs-encryption-by-default --region ${region}, or remove exports`,
    );
  });
}
