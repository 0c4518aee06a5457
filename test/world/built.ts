import type { EmbeddedAws } from "embedded-aws";
import { builderState, findImage } from "embedded-aws/state";
import { recordOutcome, recordStart } from "../../adapters/build/builds.ts";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { recordCopy } from "../../adapters/promotion/promotion.ts";
import type { Trigger } from "../../events/build.ts";
import { type ArtifactId, type BuildArn, isContainerImageId } from "../../events/ids.ts";
import { HOME } from "./factory-of.ts";

interface Built {
  readonly image: string;
  readonly build: BuildArn;
  /** By region; where it was built is among them. */
  readonly outputs: Readonly<Record<string, ArtifactId>>;
  /** When it was started, became available, and was evaluated by the gate. */
  readonly at: string;
  readonly trigger?: Trigger;
  /** Default: not evaluated yet. */
  readonly gate?: { readonly verdict: "passed" | "rejected"; readonly needsApproval?: true };
}

/** Records a build in the ledger as built, copied to its regions and evaluated. */
export async function recordBuilt(
  ledger: Ledger,
  { image, build, outputs, at, trigger = { kind: "manual", requestedBy: "ada" }, gate }: Built,
): Promise<void> {
  const { [HOME]: amiId, ...copies } = outputs;
  await recordStart(ledger, { image, build, startedAt: at, triggers: [trigger] });
  await recordOutcome(ledger, { image, build }, { status: "available", endedAt: at, amiId });
  for (const [region, copied] of Object.entries(copies)) {
    await recordCopy(ledger, build, { region, copy: build, amiId: copied });
  }
  if (gate) await recordGate(ledger, build, { ...gate, reasons: [], decidedAt: at });
}

/**
 * Creates the same state in AWS: Image Builder lists the build's outputs in each region, and EC2 marks the AMIs elsewhere
 * as copies.
 * @param tag of container images
 */
export function listBuilt(
  aws: EmbeddedAws,
  build: BuildArn,
  outputs: Readonly<Record<string, ArtifactId>>,
  tag = "",
): void {
  const [, , , region = "", account = "", rest = ""] = build.split(":");
  const [, name = "", version = "", buildNumber = ""] = rest.split("/");
  const amis = Object.entries(outputs).filter(([, id]) => !isContainerImageId(id));
  const containers = Object.entries(outputs).filter(([, id]) => isContainerImageId(id));
  aws.state(builderState, account, region).images.set(build, {
    account,
    region,
    buildNumber: Number(buildNumber),
    image: {
      arn: build,
      name,
      version: `${version}/${buildNumber}`,
      state: { status: "AVAILABLE" },
      sourcePipelineArn: build.replace(/:image\/.*/, `:image-pipeline/${name}`),
      outputResources: {
        amis: amis.map(([where, image]) => ({ region: where, image, accountId: account })),
        containers: containers.map(([where, id]) => ({ region: where, imageUris: [id.replace(/@.*/, `:${tag}`)] })),
      },
    },
    workflows: [],
    packages: [],
    findings: [],
    cancellation: new AbortController(),
  });
  const source = outputs[region];
  for (const [where, id] of amis) {
    const image = where === region ? undefined : findImage(aws, where, id);
    if (image) Object.assign(image, { source: { imageId: source, region } });
  }
}
