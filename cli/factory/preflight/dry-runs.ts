import { CreateSecurityGroupCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateComponentCommand, type CreateComponentRequest, ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { findVpc } from "../../../adapters/factory/network-facts.ts";
import { type Check, fails, fine } from "../../../core/factory/preflight/check.ts";
import type { Asked, AwsCheck } from "./aws-check.ts";

/** A version that no deployment uses. */
const UNUSED = "0.0.1";

/** Creations as AWS dry runs. They need the create permissions that the deployment needs anyway. */
export function dryRuns({ factory, blueprint, client }: Asked): AwsCheck[] {
  const components = blueprint.resources.filter(({ type }) => type === "aws:imagebuilder/component:Component");
  const group = blueprint.resources.find(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup");
  return [
    ...components.map(({ region, inputs: { name, platform, data } }) =>
      dryRun("imagebuilder:CreateComponent", `component ${name}`, async () => {
        const request = {
          name,
          semanticVersion: UNUSED,
          platform,
          data,
          dryRun: true,
          clientToken: `preflight-${name}`,
        };
        await client(ImagebuilderClient, region).send(new CreateComponentCommand(request as CreateComponentRequest));
      }),
    ),
    ...(group
      ? [
          dryRun("ec2:CreateSecurityGroup", "network", async () => {
            const { name, description } = group.inputs;
            const ec2 = client(EC2Client, group.region);
            const VpcId = factory.network && (await findVpc(ec2, factory.network.vpcId));
            await ec2.send(
              new CreateSecurityGroupCommand({
                GroupName: `${name}-preflight`,
                Description: String(description),
                ...(VpcId !== undefined && { VpcId }),
                DryRun: true,
              }),
            );
          }),
        ]
      : []),
  ];
}

/** A successful dry run ends in an error that says so. */
function dryRun(action: string, where: string, run: () => Promise<void>): AwsCheck {
  const subject = { check: "dry-run", where };
  return {
    ...subject,
    actions: action,
    run: async (): Promise<Check[]> => {
      try {
        await run();
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        if (/^DryRunOperation/.test(error.name)) return [fine(subject, `${action} would succeed`)];
        if (/AccessDenied|UnauthorizedOperation/.test(error.name)) throw error;
        return [
          fails(
            subject,
            `${action}: ${error.name}: ${error.message}`,
            "the deployment",
            FIXES[error.name] ?? "see AWS's message",
          ),
        ];
      }
      return [fine(subject, `${action} would succeed`)];
    },
  };
}

const FIXES: Readonly<Record<string, string>> = {
  VPCIdNotSpecified: "the region has no default VPC: set network.vpcId and network.subnetIds in factory.config.ts",
};
