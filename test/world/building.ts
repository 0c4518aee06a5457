import { readFileSync } from "node:fs";
import type { GetRoleCommandOutput } from "@aws-sdk/client-iam";
import { type InstancePlan, simulateInstances } from "embedded-aws/instances";
import { aBuilder } from "embedded-aws/testing/imagebuilder";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { HOME } from "./factory-of.ts";
import { FACTORY } from "./organization.ts";
import { policyOf } from "./roles.ts";
import { openWorld } from "./world.ts";

interface Wanted {
  readonly factory: Partial<FactoryInput>;
  /** Permissions of build instances besides their uploads. */
  readonly grants: readonly object[];
  readonly plan: InstancePlan;
}

export const EVIDENCE_BUCKET = `acme-evidence-${FACTORY}`;

export type Building = Awaited<ReturnType<typeof openBuilding>>;

/** A factory on an AWS where Image Builder builds with Amint's documents on simulated instances. */
export async function openBuilding({ factory, grants, plan }: Wanted) {
  const builder = await aBuilder();
  const { aws, call } = builder;
  const CreateBucketConfiguration = { LocationConstraint: HOME };
  await call("s3", "CreateBucket", { Bucket: EVIDENCE_BUCKET, CreateBucketConfiguration });
  const uploads = {
    Effect: "Allow",
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::${EVIDENCE_BUCKET}/manifests/\${aws:userid}/*`,
  };
  const PolicyDocument = policyOf(uploads, ...grants);
  await call("iam", "PutRolePolicy", { RoleName: "instance", PolicyName: "build", PolicyDocument });
  const { Role } = await call<GetRoleCommandOutput>("iam", "GetRole", { RoleName: "instance" });
  const RoleId = Role?.RoleId ?? "";
  await call("inspector2", "Enable", { resourceTypes: ["EC2", "ECR"] });
  simulateInstances(aws, FACTORY, HOME, {
    ...plan,
    step: (context) =>
      plan.step?.(context) ?? (context.step === "ReadInstanceId" ? { stdout: context.instanceId } : undefined),
  });
  return {
    builder,
    /** What functions know of the evidence. */
    evidence: { EVIDENCE_BUCKET, AMI_ROLE_ID: RoleId, CONTAINER_ROLE_ID: RoleId, FEED_MIRRORS: "{}" },
    world: await openWorld({ aws, factory: { name: "acme", ...factory } }),
    /** Creates a component from one of Amint's documents, for a recipe; those that upload get the bucket. */
    async component(stem: string, parameters: Readonly<Record<string, string>> = {}) {
      const data = readFileSync(`images/components/${stem}.yaml`, "utf8");
      const all = {
        ...(data.includes("EvidenceBucket") && { EvidenceBucket: EVIDENCE_BUCKET, RoleId }),
        ...parameters,
      };
      const given = Object.entries(all).map(([name, value]) => ({ name, value: [value] }));
      const componentArn = await builder.component(`acme-${stem}`, data);
      return { componentArn, ...(given.length > 0 && { parameters: given }) };
    },
    async pipeline(recipe: object): Promise<string> {
      const { imagePipelineArn = "" } = await builder.builder<{ imagePipelineArn?: string }>("CreateImagePipeline", {
        ...recipe,
        infrastructureConfigurationArn: await builder.infrastructure(),
        imageTestsConfiguration: { imageTestsEnabled: true },
        imageScanningConfiguration: { imageScanningEnabled: true },
      });
      return imagePipelineArn;
    },
  };
}
