import type { Factory } from "../factory/factory-schema.ts";
import { busName } from "../names.ts";
import { forwarderName, organizationChanges, readingActions } from "./management-side.ts";

export interface TemplateSettings {
  readonly factory: Pick<Factory, "name" | "buildRegion" | "organization">;
  /** The factory's account. */
  readonly account: string;
  readonly partition: string;
}

/**
 * The CloudFormation template for the organization's management account: it lets the factory's account read the
 * organization, and forwards changes of the organization to the factory's bus.
 */
export function managementTemplate({ factory, account, partition }: TemplateSettings): object {
  const { name, buildRegion } = factory;
  const bus = `arn:${partition}:events:${buildRegion}:${account}:event-bus/${busName(name)}`;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description:
      `For the management account, in us-east-1: lets the image factory ${name} (account ${account}) read the ` +
      "organization, and forwards events of accounts that join, move or leave. Printed by amint org setup, with commands " +
      "for settings that CloudFormation has no resource for.",
    Parameters: {
      ReadDelegation: {
        Type: "String",
        Default: "make",
        AllowedValues: ["make", "leave"],
        Description:
          "An organization has one resource policy. If it already has one, choose leave, and add this template's " +
          "statement to it.",
      },
    },
    Conditions: { MakesReadDelegation: { "Fn::Equals": [{ Ref: "ReadDelegation" }, "make"] } },
    Resources: {
      ReadDelegationPolicy: {
        Type: "AWS::Organizations::ResourcePolicy",
        Condition: "MakesReadDelegation",
        Properties: {
          Content: {
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "ImageFactoryReads",
                Effect: "Allow",
                Principal: { AWS: `arn:${partition}:iam::${account}:root` },
                Action: readingActions,
                // List actions on the whole organization have no resource types.
                Resource: "*",
              },
            ],
          },
        },
      },
      ForwarderRole: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: forwarderName(name),
          Description: `Puts Organizations' events on the bus of the image factory ${name}`,
          AssumeRolePolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { Service: "events.amazonaws.com" },
                Action: "sts:AssumeRole",
              },
            ],
          },
          Policies: [
            {
              PolicyName: "forward",
              PolicyDocument: {
                Version: "2012-10-17",
                Statement: [{ Effect: "Allow", Action: "events:PutEvents", Resource: bus }],
              },
            },
          ],
        },
      },
      OrganizationChanged: {
        Type: "AWS::Events::Rule",
        Properties: {
          Name: forwarderName(name),
          Description: `Forwards events of accounts that joined, moved or left to the image factory ${name}`,
          EventPattern: organizationChanges,
          State: "ENABLED",
          Targets: [{ Id: "factory", Arn: bus, RoleArn: { "Fn::GetAtt": ["ForwarderRole", "Arn"] } }],
        },
      },
    },
  };
}
