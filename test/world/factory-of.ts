import { type Factory, type FactoryInput, factorySchema } from "../../core/factory/factory-schema.ts";
import { MANAGEMENT, organization } from "./organization.ts";

export const HOME = "eu-west-1";
export const REGIONS = [HOME, "us-east-1"];
export const IMAGE = "base";

type ImageInput = FactoryInput["images"][string];

/** An image of Amazon Linux with one channel, for tests about other things. */
export const imageOf = (changes: Partial<ImageInput> = {}): ImageInput =>
  ({
    os: "al2023",
    architecture: "x86_64",
    parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
    components: ["amint:update-al2023"],
    tests: ["aws:simple-boot-test-linux"],
    gate: { cve: { critical: 0, high: 0, count: "fixable" } },
    channels: [{ name: "stable", share: { organization: true } }],
    ...changes,
  }) as ImageInput;

/** A factory of that image in two regions. */
export const factoryOf = (changes: Partial<FactoryInput> = {}): Factory =>
  factorySchema.parse({
    name: "sharing",
    buildRegion: HOME,
    regions: REGIONS,
    organization: { id: organization.id, managementAccountId: MANAGEMENT },
    images: { [IMAGE]: imageOf() },
    ...changes,
  });
