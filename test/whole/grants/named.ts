import { matchesAction, matchesArn } from "embedded-aws/iam";
import type { Grant } from "./grant.ts";
import { isAboutAssuming, type Outcome } from "./trial.ts";

/** IAM's words (IAM User Guide, "Troubleshoot access denied error messages"). */
const REFUSAL = /User: (\S+) is not authorized to perform: (\S+) on resource: (\S+) because no /;

/**
 * AWS's refusals that name what a grant had allowed, or undefined. A role that cannot
 * be assumed is refused by the service that receives it, in its own words: then the deployment names the resource
 * that should have it.
 */
export const refusalNaming = (
  grant: Grant,
  { refusals, failures }: Pick<Outcome, "refusals" | "failures">,
): string | undefined =>
  [...refusals, ...failures].find(
    (text) => names(grant, text) || isAboutTaking(grant, text) || isAboutDelivery(grant, text),
  );

function names(grant: Grant, text: string): boolean {
  const [, who = "", action = "", resource = ""] = REFUSAL.exec(text) ?? [];
  const { kind, holder } = grant;
  const isItsRole = who.includes(`:assumed-role/${holder.inputs.name}/`);
  // Of the managed policies' permissions, the embedded AWS checks only those for logs.
  if (kind === "managed policy") return isItsRole && action.startsWith("logs:");
  if (!action || !matchesAction(grant.action, action)) return false;
  if (kind === "resource policy") return covers(grant, resource);
  return kind === "own policy" && isItsRole && covers(grant, resource);
}

function covers({ holder, resources }: Grant, resource: string): boolean {
  if (holder.type === "aws:kms/key:Key") return resource.includes(`:kms:${holder.region}:`);
  // A repository policy applies to its repository and names no resource.
  if (holder.type === "aws:ecr/repositoryPolicy:RepositoryPolicy") {
    return resource.includes(`:ecr:${holder.region}:`) && resource.endsWith(`:repository/${holder.inputs.repository}`);
  }
  return resources.map(inText).some(
    (pattern) =>
      // References and policy variables stand for values known only to a deployment or a session.
      matchesArn(pattern.replaceAll(/\$\{\w+[.:]\w+\}/g, "*"), resource) ||
      (pattern === "*" && resource === "*") ||
      resource.endsWith(`:function:${pattern}`),
  );
}

/** A template's resource can be a function such as `Fn::Sub`, whose references stand for deployment values too. */
const inText = (resource: unknown): string =>
  typeof resource === "string" ? resource : String(Object.values(resource as object)[0]);

/** Step Functions has its own error for a state machine whose role may not deliver logs. */
const isAboutDelivery = ({ kind, action, givenTo }: Grant, text: string): boolean =>
  kind === "own policy" &&
  action.startsWith("logs:") &&
  text.includes("is not authorized to access the Log Destination") &&
  givenTo.some((name) => text.includes(`${name} (`));

const isForScheduler = ({ inputs }: Grant["holder"]): boolean =>
  JSON.stringify(inputs.assumeRolePolicy).includes("scheduler.amazonaws.com");

const isAboutTaking = ({ kind, holder, givenTo }: Grant, text: string): boolean =>
  kind === "trust policy" &&
  /assume/i.test(text) &&
  (text.includes(`:role/${holder.inputs.name}`) ||
    givenTo.some((name) => text.includes(`${name} (`)) ||
    (isAboutAssuming(text) && isForScheduler(holder)));
