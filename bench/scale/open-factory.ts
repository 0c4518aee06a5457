import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { registerImage } from "embedded-aws/seeds";
import { factorySchema } from "../../core/factory/factory-schema.ts";
import { type AmiId, type BuildArn, parseAmiId, parseBuildArn } from "../../events/ids.ts";
import { listBuilt, recordBuilt } from "../../test/world/built.ts";
import { FACTORY, MANAGEMENT, ORGANIZATION } from "./large-organization.ts";
import { type Consumers, NAME } from "./open-consumers.ts";
import { HOME, REGIONS, type World } from "./open-world.ts";
import type { Way } from "./ways.ts";

const CHANNEL = "stable";

export type ScaleFactory = ReturnType<typeof openFactory>;

/**
 * A factory with one image and one channel, which is shared in this way in every region.
 * @param consumers the accounts in which launches are verified
 */
export function openFactory({ aws, clock, client, ledger }: World, nth: number, { share }: Way, consumers?: Consumers) {
  const image = `image-${nth}`;
  const factory = factorySchema.parse({
    name: NAME,
    buildRegion: HOME,
    regions: [...REGIONS],
    ...(consumers && { consumers: consumers.config }),
    organization: { id: ORGANIZATION, managementAccountId: MANAGEMENT },
    images: {
      [image]: {
        os: "al2023",
        architecture: "x86_64",
        parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
        components: ["amint:update-al2023"],
        tests: ["aws:simple-boot-test-linux"],
        gate: { cve: { critical: 0, high: 0, count: "fixable" } },
        channels: [{ name: CHANNEL, share }],
      },
    },
  });
  return {
    image,
    channel: CHANNEL,
    factory,
    step: () => ({
      settings: {
        factory,
        place: { partition: "aws", region: HOME, account: FACTORY },
        env: { SOURCE_COMMIT: "unknown", KEY_ARNS: "", MIRROR_CHANNEL_FUNCTION: "", KEEP_GRANTS_FUNCTION: "" },
      },
      ledger,
      bus: { client: client(EventBridgeClient), name: "scale" },
      client,
      now: new Date(clock.now()),
      log: { info() {}, warn() {} },
      requestId: "scale",
      wait: (ms: number) => clock.sleep(ms),
    }),
    /** Adds a build that passed its gate, with AMIs in all regions. */
    async addBuild(): Promise<{ build: BuildArn; amis: Readonly<Record<string, AmiId>> }> {
      const build = parseBuildArn(`arn:aws:imagebuilder:${HOME}:${FACTORY}:image/scale-${image}/1.0.0/1`);
      const amis = Object.fromEntries(
        REGIONS.map((region) => {
          const kmsKeyId = consumers?.keyOf(region) ?? "";
          const device = { deviceName: "/dev/xvda", encrypted: true, kmsKeyId, volumeSizeGiB: 8 };
          const made = { name: image, architecture: "x86_64" as const, blockDeviceMappings: [device] };
          return [region, parseAmiId(registerImage(aws, FACTORY, region, made))];
        }),
      );
      const at = new Date(clock.now()).toISOString();
      await recordBuilt(ledger, { image, build, outputs: amis, at, gate: { verdict: "passed" } });
      listBuilt(aws, build, amis);
      return { build, amis };
    },
  };
}
