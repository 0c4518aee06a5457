import { eventsRule } from "./events-rule.ts";
import type { ResourceHandler } from "./handler.ts";
import { iamManagedPolicy, iamPolicy, iamRole } from "./iam.ts";
import { kmsAlias, kmsKey } from "./kms.ts";
import { organizationsPolicy, organizationsResourcePolicy } from "./organizations.ts";
import { ramResourceShare } from "./ram-resource-share.ts";
import { ssmParameter } from "./ssm-parameter.ts";
import { cloudformationStackSet } from "./stack-set.ts";

/** The supported resource types. */
export const HANDLERS: Readonly<Record<string, ResourceHandler>> = {
  "AWS::CloudFormation::StackSet": cloudformationStackSet,
  "AWS::Events::Rule": eventsRule,
  "AWS::IAM::ManagedPolicy": iamManagedPolicy,
  "AWS::IAM::Policy": iamPolicy,
  "AWS::IAM::Role": iamRole,
  "AWS::KMS::Alias": kmsAlias,
  "AWS::KMS::Key": kmsKey,
  "AWS::Organizations::Policy": organizationsPolicy,
  "AWS::Organizations::ResourcePolicy": organizationsResourcePolicy,
  "AWS::RAM::ResourceShare": ramResourceShare,
  "AWS::SSM::Parameter": ssmParameter,
};
