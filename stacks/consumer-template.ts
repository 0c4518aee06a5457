import type { Consumers } from "../core/factory/consumers-schema.ts";
import { channelParameterRoot, consumerExternalId, consumerRoleName, mirrorParameterRoot } from "../core/names.ts";
import { canaryStatements, everywhereStatements, verifiedStatements } from "./consumer-statements.ts";

interface Settings {
  readonly partition: string;
  /** The factory's account. */
  readonly account: string;
  readonly factory: string;
  readonly organization: string;
  readonly consumers: Consumers;
  /** ARNs of the factory's roles that act as consumers. */
  readonly actors: readonly string[];
  /** ARNs of the factory's keys, of all regions. */
  readonly keys: readonly string[];
  /** ARNs of the repositories that channels of container images have; left out where there are no such images. */
  readonly repositories?: readonly string[];
}

type Condition = Readonly<Record<string, unknown>>;

const VERSION = "2012-10-17";

/**
 * What StackSets makes in each consumer's account: a role by which the factory acts there. It may launch only where the
 * config asks for it: dry runs in the accounts of `consumers.verify`, instances in the canary's.
 */
export function consumerTemplate(settings: Settings): object {
  const { factory, organization, consumers, actors, account, partition } = settings;
  const { canary, mirror } = consumers;
  const verified = [...new Set([...consumers.verify, ...(canary ? [canary.account] : [])])];
  const names = {
    partition,
    account,
    factory,
    keys: settings.keys,
    repositories: settings.repositories ?? [],
    channels: channelParameterRoot(factory),
    mirror: mirror ? mirrorParameterRoot(factory) : undefined,
    instanceTypes: canary ? Object.values(canary.instanceTypes) : ["t3.micro", "t4g.micro"],
  };
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `How the image factory ${factory} tries, as a consumer, whether its images can be launched here.`,
    Conditions: {
      ...anyAccount("Verified", verified),
      ...(canary && anyAccount("Canary", [canary.account])),
    },
    Resources: {
      Role: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: consumerRoleName(factory),
          Description: `Taken by the image factory ${factory} in account ${account}, and by nobody else`,
          AssumeRolePolicyDocument: {
            Version: VERSION,
            Statement: [
              {
                Sid: "FactoryActs",
                Effect: "Allow",
                // The account, with its roles in a condition: as principals they would be forgotten when made anew.
                Principal: { AWS: `arn:${partition}:iam::${account}:root` },
                Action: "sts:AssumeRole",
                Condition: {
                  StringEquals: {
                    "sts:ExternalId": consumerExternalId(factory),
                    "aws:PrincipalOrgID": organization,
                  },
                  ArnEquals: { "aws:PrincipalArn": actors },
                },
              },
            ],
          },
          Policies: [policy("consume", everywhereStatements(names))],
          Tags: [{ Key: "amint:factory", Value: factory }],
        },
      },
      Verifying: inRole("Verified", policy("verify", verifiedStatements(names))),
      ...(canary && { Launching: inRole("Canary", policy("canary", canaryStatements(names))) }),
    },
  };
}

const policy = (PolicyName: string, Statement: readonly object[]) => ({
  PolicyName,
  PolicyDocument: { Version: VERSION, Statement },
});

const inRole = (condition: string, properties: ReturnType<typeof policy>) => ({
  Type: "AWS::IAM::Policy",
  Condition: condition,
  Properties: { ...properties, Roles: [{ Ref: "Role" }] },
});

/** Fn::Or takes two to ten conditions (template reference, "Condition functions"). */
const MOST_IN_OR = 10;

/** A condition that holds in any of these accounts, with those that it is made of. */
function anyAccount(name: string, accounts: readonly string[]): Record<string, Condition> {
  const equals = accounts.map((id): Condition => ({ "Fn::Equals": [{ Ref: "AWS::AccountId" }, id] }));
  const parts = Array.from({ length: Math.ceil(equals.length / MOST_IN_OR) }, (_, nth) =>
    either(equals.slice(nth * MOST_IN_OR, (nth + 1) * MOST_IN_OR)),
  );
  if (parts.length === 1) return { [name]: either(parts) };
  const named = Object.fromEntries(parts.map((part, nth) => [`${name}${nth + 1}`, part]));
  return { ...named, [name]: either(Object.keys(named).map((Condition) => ({ Condition }))) };
}

const either = (conditions: readonly Condition[]): Condition =>
  conditions.length === 1 ? (conditions[0] as Condition) : { "Fn::Or": conditions };
