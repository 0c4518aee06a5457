import { AwsError } from "../../engine/operation.ts";
import type { ServiceModel } from "../service-model.ts";
import type { Violation } from "./find-violations.ts";

type Refuse = (violations: readonly [Violation, ...Violation[]], model: ServiceModel, operation: string) => AwsError;

/** Services with their own messages for invalid input; all others use AWS's general ones. */
const OWN_WORDS: Readonly<Record<string, Refuse>> = {
  ecr: ([first]) => ecr(first),
  ec2: ([first]) => (isMissing(first) ? lacking(dotted(first)) : ec2(first)),
  imagebuilder: (all, model) => {
    const wrong = all.find((one) => !isMissing(one));
    return isMissing(all[0]) || !wrong ? general(all.filter(isMissing), model) : imageBuilder(wrong);
  },
  logs: (all, model) => general(all, model, "InvalidParameterException"),
  organizations: (all, model) => (isMissing(all[0]) ? general(all, model) : organizations(all[0])),
  ram: (all, model, operation) =>
    operation === "GetResourceShareInvitations" && all[0].path.at(-1) === "maxResults"
      ? invalidMaxResults(all[0])
      : general(all, model),
  s3: ([first]) => s3(first),
  sns: ([first]) => refusal("InvalidParameter", `Invalid parameter: ${dotted(first)} Reason: ${snsReason(first)}`),
  sqs: ([first]) => (isMissing(first) ? lacking(dotted(first)) : refusal("InvalidParameterValue", sentence(first))),
};

/** The error for an input, with its service's message. */
export const refuseViolations: Refuse = (violations, model, operation) =>
  OWN_WORDS[model.service.name]?.(violations, model, operation) ?? general(violations, model);

/** `2 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must have ...; Value ...` */
function general(
  all: readonly Violation[],
  model: ServiceModel,
  code = model.protocol === "awsQuery" ? "ValidationError" : "ValidationException",
): AwsError {
  const count = `${all.length} validation error${all.length > 1 ? "s" : ""} detected`;
  return refusal(code, `${count}: ${all.map(sentence).join("; ")}`);
}

function sentence(one: Violation): string {
  const value = isMissing(one) ? "Value null" : one.shown === undefined ? "Value" : `Value '${one.shown}'`;
  return `${value} at '${coral(one)}' failed to satisfy constraint: ${one.rule}`;
}

function ec2(one: Violation): AwsError {
  const value = `Value ( ${one.shown ?? ""} ) for parameter ${camel(one)} is invalid.`;
  const expected =
    one.trait === "range" ? ` Expecting a value ${one.span}.` : one.trait === "length" ? ` ${one.rule}.` : "";
  return refusal("InvalidParameterValue", value + expected);
}

/** As seen in public issue threads: `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must ...'` */
function ecr(one: Violation): AwsError {
  const rule = one.rule.replace(/^Member /, "").replace(/ pattern: (.*)$/s, " '$1'");
  return refusal(
    "InvalidParameterException",
    `Invalid parameter at '${coral(one)}' failed to satisfy constraint: '${rule}'`,
  );
}

/** As seen in public issue threads: `The value supplied for parameter 'distributions[0].region' is not valid.` */
function imageBuilder(one: Violation): AwsError {
  const name = one.path.reduce<string>(
    (path, step) => (typeof step === "number" ? `${path}[${step}]` : `${path}${path && "."}${step}`),
    "",
  );
  const own = `'${name.slice(name.lastIndexOf(".") + 1)}'`;
  const why = {
    required: "",
    enum: `'${one.shown ?? ""}' is not one of ${one.bound}.`,
    pattern: `${own} must match pattern ${one.bound}`,
    length: `${own} must have a length of at ${one.end === "min" ? "least" : "most"} ${one.bound}.`,
    range: `${own} must be at ${one.end === "min" ? "least" : "most"} ${one.bound}.`,
  }[one.trait];
  return refusal("InvalidParameterValueException", `The value supplied for parameter '${name}' is not valid. ${why}`);
}

/**
 * `Reason` and its sentence:
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html#API_ListAccounts_Errors
 */
function organizations({ trait, end }: Violation): AwsError {
  const [Reason, message] =
    trait === "pattern"
      ? ["INVALID_PATTERN", "You provided a value that does not match the required pattern."]
      : trait === "enum"
        ? ["INVALID_ENUM", "You specified an invalid value."]
        : trait === "length"
          ? end === "max"
            ? ["MAX_LENGTH_EXCEEDED", "You provided a string parameter that is longer than allowed."]
            : ["MIN_LENGTH_EXCEEDED", "You provided a string parameter that is shorter than allowed."]
          : end === "max"
            ? ["MAX_VALUE_EXCEEDED", "You provided a numeric parameter that has a larger value than allowed."]
            : ["MIN_VALUE_EXCEEDED", "You provided a numeric parameter that has a smaller value than allowed."];
  return new AwsError("InvalidInputException", message ?? "", { status: 400, members: { Reason } });
}

/**
 * The only one of RAM's operations that documents it:
 * https://docs.aws.amazon.com/ram/latest/APIReference/API_GetResourceShareInvitations.html
 */
const invalidMaxResults = (one: Violation): AwsError =>
  refusal("InvalidMaxResultsException", `maxResults must be ${one.span}, not ${one.shown ?? ""}.`);

function s3(one: Violation): AwsError {
  if (one.path.at(-1) === "LocationConstraint") {
    return refusal("InvalidLocationConstraint", "The specified location-constraint is not valid");
  }
  // Bucket, key and distinguishing parameters are present, otherwise it would be another operation: the body is
  // missing.
  if (isMissing(one) && one.path.length === 1) return refusal("MissingRequestBodyError", "Request Body is empty");
  if (one.path.length > 1) {
    return refusal(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  }
  return refusal("InvalidArgument", `Invalid value for ${dotted(one)}: ${one.rule}`);
}

const snsReason = (one: Violation): string => (isMissing(one) ? "no value for required parameter" : one.rule);

const isMissing = ({ trait }: Violation): boolean => trait === "required";
const refusal = (code: string, message: string) => new AwsError(code, message, { status: 400 });
const lacking = (name: string) => refusal("MissingParameter", `The request must contain the parameter ${name}`);

const dotted = ({ path }: Violation): string =>
  path.map((step) => (typeof step === "number" ? step + 1 : step)).join(".");
const camel = (one: Violation): string => lowered(dotted(one));
const lowered = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** `tags.1.member.key`: names begin in lower case, lists count from 1. */
const coral = ({ path }: Violation): string =>
  path.map((step) => (typeof step === "number" ? `${step + 1}.member` : lowered(step))).join(".");
