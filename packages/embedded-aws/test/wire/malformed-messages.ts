import { kindOf, membersOf, requiredMembers, type Shape } from "../../src/wire/shape.ts";
import { inputMembers, isForm, isJson, placeOf, type Target } from "./malformed-targets.ts";
import { FACTORY } from "./whole-aws.ts";

/** An HTTP request, before it is sent. */
export interface Message {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

type Input = Readonly<Record<string, unknown>>;

export const authorization = (service: string, key = FACTORY): string =>
  `AWS4-HMAC-SHA256 Credential=${key}/20260401/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

/**
 * The request that carries `input` as the protocol's specification says, without using the code under test. Values are
 * written unchanged, including a text for a number.
 */
export function toMessage(target: Target, input: Input): Message {
  const headers = { authorization: authorization(target.service) };
  if (isJson(target)) {
    const version = target.protocol === "awsJson1_0" ? "1.0" : "1.1";
    const json = {
      "content-type": `application/x-amz-json-${version}`,
      "x-amz-target": `Any.${target.operation.name}`,
    };
    return { method: "POST", path: "/", query: [], headers: { ...headers, ...json }, body: jsonText(input) };
  }
  if (!isForm(target)) return restMessage(target, input, headers);
  const fields = new URLSearchParams([
    ["Action", target.operation.name],
    ...formFields(target.operation.input, input, "", target.protocol === "ec2Query"),
  ]);
  const form = { ...headers, "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", path: "/", query: [], headers: form, body: Buffer.from(fields.toString()) };
}

const jsonText = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

function restMessage(target: Target, input: Input, base: Record<string, string>): Message {
  const { route } = target.operation;
  if (!route) throw new Error(`${target.service}:${target.operation.name} has no route`);
  const given = { ...selectors(target), ...input };
  const query: [string, string][] = route.query.map(([name, value]) => [name, value]);
  const headers: Record<string, string> = { ...base };
  const members: Record<string, unknown> = {};
  let body: Buffer = Buffer.alloc(0);
  for (const [name, member] of inputMembers(target)) {
    const value = given[name];
    if (value === undefined) continue;
    const traits = member.getMergedTraits();
    const place = placeOf(target, member);
    if (place === "query") for (const one of [value].flat()) query.push([String(traits.httpQuery), String(one)]);
    else if (place === "header" && traits.httpHeader) headers[traits.httpHeader.toLowerCase()] = String(value);
    else if (place === "payload") body = payload(target, member, value);
    else if (place === "body") members[name] = value;
  }
  if (Object.keys(members).length > 0) body = jsonText(members);
  if (body.length > 0) headers["content-type"] = target.protocol === "restXml" ? "application/xml" : "application/json";
  const bucket = route.onBucket ? `/${encodeURIComponent(String(given.Bucket))}` : "";
  return { method: route.method, path: `${bucket}${filledPath(target, given)}`, query, headers, body };
}

/** What the path needs to identify this operation: labels, and distinguishing fields. */
function selectors(target: Target): Record<string, unknown> {
  const required = requiredMembers(target.operation.input);
  const needed = inputMembers(target).filter(([name, member]) => {
    const place = placeOf(target, member);
    return place === "label" || (required.includes(name) && (place === "query" || place === "header"));
  });
  return Object.fromEntries(needed.map(([name, member]) => [name, kindOf(member) === "number" ? 1 : "gone"]));
}

const filledPath = ({ operation: { route } }: Target, given: Input): string => {
  let next = 0;
  const template = String(route?.path.source).replace(/^\^|\$$|\\(?=\/)|\/\?\$$/g, "");
  return template
    .replace(/\(\.\+\)|\(\[\^\\?\/\]\+\)/g, () => encodeURIComponent(String(given[route?.labels[next++] ?? ""])))
    .replace(/\/\?$/, "");
};

function payload(target: Target, member: Shape, value: unknown): Buffer {
  if (kindOf(member) !== "structure") return Buffer.from(String(value));
  if (target.protocol !== "restXml") return jsonText(value);
  return Buffer.from(xmlOf(member, member.getMergedTraits().xmlName ?? member.getName() ?? "", value));
}

/** https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings */
function xmlOf(shape: Shape, name: string, value: unknown): string {
  const kind = kindOf(shape);
  if (kind === "structure") {
    const given = value as Input;
    const inside = membersOf(shape)
      .filter(([key]) => given[key] !== undefined)
      .map(([key, member]) => xmlOf(member, member.getMergedTraits().xmlName ?? key, given[key]));
    return `<${name}>${inside.join("")}</${name}>`;
  }
  if (kind === "list") {
    const item = shape.getValueSchema();
    const flat = Boolean(shape.getMergedTraits().xmlFlattened);
    const tag = flat ? name : (item.getMergedTraits().xmlName ?? "member");
    const inside = (value as unknown[]).map((one) => xmlOf(item, tag, one)).join("");
    return flat ? inside : `<${name}>${inside}</${name}>`;
  }
  return `<${name}>${String(value).replace(/[<&]/g, (one) => `&#${one.charCodeAt(0)};`)}</${name}>`;
}

/** https://smithy.io/2.0/aws/protocols/aws-query-protocol.html and aws-ec2-query-protocol.html */
function formFields(shape: Shape, value: unknown, prefix: string, ec2: boolean): [string, string][] {
  const under = (step: string | number) => (prefix === "" ? String(step) : `${prefix}.${step}`);
  switch (kindOf(shape)) {
    case "structure":
      return membersOf(shape).flatMap(([key, member]) => {
        const given = (value as Input)[key];
        return given === undefined ? [] : formFields(member, given, under(fieldName(key, member, ec2)), ec2);
      });
    case "list": {
      const item = shape.getValueSchema();
      const flat = ec2 || shape.getMergedTraits().xmlFlattened;
      const step = flat ? "" : `${item.getMergedTraits().xmlName ?? "member"}.`;
      return (value as unknown[]).flatMap((one, at) => formFields(item, one, under(`${step}${at + 1}`), ec2));
    }
    case "map": {
      const step = shape.getMergedTraits().xmlFlattened ? "" : "entry.";
      const [key, item] = [shape.getKeySchema(), shape.getValueSchema()];
      return Object.entries(value as Input).flatMap(([name, one], at) => [
        [under(`${step}${at + 1}.${key.getMergedTraits().xmlName ?? "key"}`), name],
        ...formFields(item, one, under(`${step}${at + 1}.${item.getMergedTraits().xmlName ?? "value"}`), ec2),
      ]);
    }
    case "unit":
      return [];
    default:
      return [[prefix, String(value)]];
  }
}

function fieldName(name: string, member: Shape, ec2: boolean): string {
  const { xmlName, ec2QueryName } = member.getMemberTraits() as { xmlName?: string; ec2QueryName?: string };
  const inXml = xmlName ?? name;
  return ec2 ? (ec2QueryName ?? inXml.charAt(0).toUpperCase() + inXml.slice(1)) : inXml;
}
