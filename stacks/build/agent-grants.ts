import { foldersOf } from "../bundle/folders.ts";
import { factory } from "../program/factory.ts";
import { arnOf } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { namedParameters } from "./named-parameters.ts";

/** Image Builder's own permissions: it fetches components and writes logs. */
const ALWAYS = "EC2InstanceProfileForImageBuilder";

/** AWS managed policies of the instances' roles. */
export const managed = factory.managedCore ? ["AmazonSSMManagedInstanceCore", ALWAYS] : [ALWAYS];

const parameters = namedParameters(factory, foldersOf($cli.paths.root));

/**
 * The permissions of AmazonSSMManagedInstanceCore (v2), except reading every parameter of the account; see docs/adr/0011. The
 * agent's actions are on `*`, as in that policy: AWS documents no narrower one for the agent.
 */
export const agent: Grant[] = factory.managedCore
  ? []
  : [
      {
        actions: [
          "ssm:DescribeAssociation",
          "ssm:DescribeDocument",
          "ssm:GetDeployablePatchSnapshotForInstance",
          "ssm:GetDocument",
          "ssm:GetManifest",
          "ssm:ListAssociations",
          "ssm:ListInstanceAssociations",
          "ssm:PutComplianceItems",
          "ssm:PutConfigurePackageResult",
          "ssm:PutInventory",
          "ssm:UpdateAssociationStatus",
          "ssm:UpdateInstanceAssociationStatus",
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
          "ec2messages:AcknowledgeMessage",
          "ec2messages:DeleteMessage",
          "ec2messages:FailMessage",
          "ec2messages:GetEndpoint",
          "ec2messages:GetMessages",
          "ec2messages:SendReply",
        ],
        resources: ["*"],
      },
      ...(parameters.length === 0
        ? []
        : [
            {
              actions: ["ssm:GetParameter", "ssm:GetParameters"],
              resources: parameters.map((name) => arnOf("ssm", `parameter/${name.replace(/^\//, "")}`)),
            },
          ]),
    ];
