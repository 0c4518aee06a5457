import { AwsError } from "../../../engine/operation.ts";
import { formatError, notBuilt, validationError } from "../refusals.ts";
import { readYaml } from "./read-yaml.ts";
import { requireKnownReferences } from "./references.ts";
import { isObject, type Json, type Template } from "./template.ts";

const SECTIONS = [
  ...["AWSTemplateFormatVersion", "Conditions", "Description", "Hooks", "Mappings", "Metadata", "Outputs"],
  ...["Parameters", "Resources", "Rules", "Transform"],
];

/** Maximum bytes of a template in the request; larger ones come from S3. */
const MAX_BODY = 51_200;

interface Source {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
}

/** The text of a request's template. @throws AwsError ValidationError, NotImplemented for one in S3 */
export function templateText({ TemplateBody, TemplateURL }: Source): string {
  if (TemplateURL !== undefined) throw notBuilt("a TemplateURL");
  if (TemplateBody === undefined) throw validationError("Either Template URL or Template Body must be specified.");
  const size = Buffer.byteLength(TemplateBody);
  if (size <= MAX_BODY) return TemplateBody;
  throw validationError(
    `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BODY}`,
  );
}

/** Parses JSON or YAML, and checks that all references resolve. @throws AwsError ValidationError, NotImplemented */
export function parseTemplate(text: string): Template {
  const read = text.trimStart().startsWith("{") ? readJson(text) : readYaml(text);
  if (!isObject(read)) throw formatError("unsupported structure.");
  const unknown = Object.keys(read).filter((section) => !SECTIONS.includes(section));
  if (unknown.length > 0) throw validationError(`Invalid template property or properties [${unknown.join(", ")}]`);
  if (read.Transform !== undefined) throw notBuilt("a template with Transform");
  if (read.Rules !== undefined || read.Hooks !== undefined) throw notBuilt("a template with Rules or Hooks");
  const version = read.AWSTemplateFormatVersion;
  if (version !== undefined && version !== "2010-09-09") {
    throw formatError("AWSTemplateFormatVersion must be the string '2010-09-09'");
  }
  const exporting = Object.entries(section(read, "Outputs")).find(
    ([, one]) => isObject(one) && one.Export !== undefined,
  );
  if (exporting) throw notBuilt(`the Export of output ${exporting[0]}`);
  const resources = section(read, "Resources");
  if (Object.keys(resources).length === 0) throw formatError("At least one Resources member must be defined.");
  const template = {
    ...(typeof read.Description === "string" && { Description: read.Description }),
    Parameters: declarations(read, "Parameters", "Type"),
    Mappings: section(read, "Mappings"),
    Conditions: section(read, "Conditions"),
    Resources: declarations(read, "Resources", "Type"),
    Outputs: declarations(read, "Outputs", "Value"),
  } as Template;
  requireKnownReferences(template);
  return template;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const at = /position (\d+)/.exec(String(cause))?.[1];
    const before = text.slice(0, Number(at ?? 0)).split("\n");
    const where = `(line ${before.length}, column ${(before.at(-1) ?? "").length + 1})`;
    throw formatError(`JSON not well-formed. ${where}`);
  }
}

function section(template: Json, name: string): Json {
  const found = template[name] ?? {};
  if (isObject(found)) return found;
  throw formatError(`${name} member must be an object`);
}

/** Checks that every member is an object with its required property. */
function declarations(template: Json, name: string, needed: string): Json {
  const found = section(template, name);
  for (const [id, one] of Object.entries(found)) {
    if (!/^[A-Za-z0-9]+$/.test(id)) throw formatError(`${name} name ${id} is non alphanumeric.`);
    if (!isObject(one)) throw formatError(`Every ${name} object must be an object: [${id}]`);
    if (one[needed] === undefined)
      throw formatError(`[/${name}/${id}] Every ${name} object must contain a ${needed} member.`);
  }
  return found;
}

/** The property that sets a resource's name in the template. */
const NAMES: Readonly<Record<string, string>> = {
  "AWS::IAM::Role": "RoleName",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
};

const IAM_TYPES: ReadonlySet<string> = new Set([...Object.keys(NAMES), "AWS::IAM::Policy"]);

/** The capability that a template's resources require (User guide, "Acknowledging IAM resources"). */
export function neededCapability({ Resources }: Template): "CAPABILITY_IAM" | "CAPABILITY_NAMED_IAM" | undefined {
  const iam = Object.values(Resources).filter(({ Type }) => IAM_TYPES.has(Type));
  if (iam.length === 0) return undefined;
  const named = iam.some(({ Type, Properties }) => Properties?.[NAMES[Type] ?? ""] !== undefined);
  return named ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM";
}

/** @throws AwsError InsufficientCapabilitiesException */
export function requireCapabilities(template: Template, given: readonly string[] = []): void {
  const needed = neededCapability(template);
  if (!needed || given.includes(needed) || given.includes("CAPABILITY_NAMED_IAM")) return;
  throw new AwsError("InsufficientCapabilitiesException", `Requires capabilities : [${needed}]`);
}

/** @throws AwsError ValidationError for a type that does not exist */
export function requireKnownTypes({ Resources }: Template): void {
  const unknown = Object.values(Resources)
    .map(({ Type }) => String(Type))
    .filter((type) => !/^(?:[A-Za-z0-9]{2,64}::){2}[A-Za-z0-9]{2,64}(?:::MODULE)?$/.test(type));
  if (unknown.length > 0) throw formatError(`Unrecognized resource types: [${unknown.join(", ")}]`);
}
