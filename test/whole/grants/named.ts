import { matchesAction, matchesArn } from "embedded-aws/iam";
import type { Grant } from "./grant.ts";
import type { Outcome } from "./trial.ts";

/** IAM's words (IAM User Guide, "Troubleshoot access denied error messages"). */
const REFUSAL = /User: (\S+) is not authorized to perform: (\S+) on resource: (\S+) because no /;

/**
 * The words in which AWS refused what a grant had allowed; undefined where none of them names it. A role that cannot
 * be taken is refused when it is given to a service, in that service's words: then the deployment names the resource
 * that was to have it.
 */
export const refusalNaming = (grant: Grant, { refusals, failures }: Outcome): string | undefined =>
  [...refusals, ...failures].find(
    (text) => names(grant, text) || isAboutTaking(grant, text) || isAboutDelivery(grant, text),
  );

function names(grant: Grant, text: string): boolean {
  const [, who = "", action = "", resource = ""] = REFUSAL.exec(text) ?? [];
  const { kind, holder } = grant;
  const isItsRole = who.includes(`:assumed-role/${holder.inputs.name}/`);
  // Of what managed policies allow, logs are what the embedded AWS asks for.
  if (kind === "managed policy") return isItsRole && action.startsWith("logs:");
  if (!action || !matchesAction(grant.action, action)) return false;
  if (kind === "resource policy") return covers(grant, resource);
  return kind === "own policy" && isItsRole && covers(grant, resource);
}

function covers({ holder, resources }: Grant, resource: string): boolean {
  if (holder.type === "aws:kms/key:Key") return resource.includes(`:kms:${holder.region}:`);
  // A repository's policy is about it alone, and names no resource.
  if (holder.type === "aws:ecr/repositoryPolicy:RepositoryPolicy") {
    return resource.includes(`:ecr:${holder.region}:`) && resource.endsWith(`:repository/${holder.inputs.repository}`);
  }
  return resources.map(inText).some(
    (pattern) =>
      // References and policy variables stand for what only a deployment or a session knows.
      matchesArn(pattern.replaceAll(/\$\{\w+[.:]\w+\}/g, "*"), resource) ||
      (pattern === "*" && resource === "*") ||
      resource.endsWith(`:function:${pattern}`),
  );
}

/** A template's resource can be a function such as `Fn::Sub`, whose references stand for what a deployment knows, too. */
const inText = (resource: unknown): string =>
  typeof resource === "string" ? resource : String(Object.values(resource as object)[0]);

/** Step Functions refuses a machine whose role may not deliver its logs in words of its own. */
const isAboutDelivery = ({ kind, action, givenTo }: Grant, text: string): boolean =>
  kind === "own policy" &&
  action.startsWith("logs:") &&
  text.includes("is not authorized to access the Log Destination") &&
  givenTo.some((name) => text.includes(`${name} (`));

const isAboutTaking = ({ kind, holder, givenTo }: Grant, text: string): boolean =>
  kind === "trust policy" &&
  /assume/i.test(text) &&
  (text.includes(`:role/${holder.inputs.name}`) || givenTo.some((name) => text.includes(`${name} (`)));
