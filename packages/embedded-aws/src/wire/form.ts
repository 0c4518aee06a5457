import { AwsError } from "../engine/operation.ts";
import { BadInput, badInput, type WireRequest } from "./message.ts";
import { textReader } from "./scalars.ts";
import { kindOf, membersOf, perStructure, type Shape } from "./shape.ts";

/** A form's fields, from the body of a POST or the query of a GET. */
export function formFields(request: WireRequest): URLSearchParams {
  if (request.method !== "POST") return request.query;
  const text = Buffer.from(request.body).toString();
  // URLSearchParams would read a broken escape as text.
  if (/%(?![0-9a-fA-F]{2})/.test(text))
    throw new BadInput("The query string contains a syntax error.", "body", { code: "MalformedQueryString" });
  return new URLSearchParams(text);
}

/** A form's operation. */
export function action(request: WireRequest): string {
  const name = formFields(request).get("Action");
  if (!name) throw new AwsError("MissingAction", "The request must contain the parameter Action.", { status: 400 });
  if (!/^[A-Za-z]\w*$/.test(name)) {
    throw new AwsError("InvalidAction", `The action ${name.slice(0, 100)} is not valid for this web service.`, {
      status: 400,
    });
  }
  return name;
}

/** One step of a form's dotted keys: `Filter.1.Name=state` is Filter, 1, Name. */
interface FormNode {
  value?: string;
  readonly children: Map<string, FormNode>;
}

/** Longer keys are in no model; they could only exhaust the stack. */
const LONGEST_KEY = 64;

export function formTree(fields: URLSearchParams): FormNode {
  const root: FormNode = { children: new Map() };
  for (const [key, value] of fields) {
    const steps = key.split(".");
    if (steps.length > LONGEST_KEY) throw badInput(`The parameter ${key.slice(0, 100)} is not recognized`);
    let node = root;
    for (const step of steps) {
      const child: FormNode = node.children.get(step) ?? { children: new Map() };
      node.children.set(step, child);
      node = child;
    }
    node.value = value;
  }
  return root;
}

/** The numbered children in order: `1`, `2`, ... AWS allows gaps. */
const numbered = (node: FormNode): FormNode[] =>
  [...node.children]
    .filter(([step]) => /^\d+$/.test(step))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);

type Read = (node: FormNode) => unknown;

/** EC2 has its own names for form fields. */
type FormDialect = "awsQuery" | "ec2Query";

const structureReaders: Readonly<Record<FormDialect, (shape: Shape) => Read>> = {
  awsQuery: perStructure((shape) => membersReader(shape, "awsQuery")),
  ec2Query: perStructure((shape) => membersReader(shape, "ec2Query")),
};

/** Reads a value of `shape` from a form's fields. */
export function formReader(shape: Shape, dialect: FormDialect): Read {
  switch (kindOf(shape)) {
    case "structure":
      return structureReaders[dialect](shape);
    case "list":
      return listReader(shape, dialect);
    case "map":
      return mapReader(shape, dialect);
    case "unit":
      return () => ({});
    default: {
      const read = textReader(shape);
      return (node) => (node.value === undefined ? undefined : read(node.value));
    }
  }
}

/** Members compile on first use: a structure may contain itself. */
function membersReader(shape: Shape, dialect: FormDialect): Read {
  let compiled: (readonly [name: string, field: string, Read])[] | undefined;
  return (node) => {
    compiled ??= membersOf(shape).map(([name, member]) => [
      name,
      fieldName(name, member, dialect),
      formReader(member, dialect),
    ]);
    const result: Record<string, unknown> = {};
    for (const [name, field, read] of compiled) {
      const child = node.children.get(field);
      const value = child && read(child);
      if (value !== undefined) result[name] = value;
    }
    return result;
  };
}

/** https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html: ec2QueryName, or the XML name, capitalized. */
function fieldName(name: string, member: Shape, dialect: FormDialect): string {
  const traits = member.getMemberTraits();
  const inXml = traits.xmlName ?? name;
  if (dialect === "awsQuery") return inXml;
  // The SDK's own types do not know this trait.
  const { ec2QueryName } = traits as { ec2QueryName?: string };
  return ec2QueryName ?? inXml.charAt(0).toUpperCase() + inXml.slice(1);
}

function listReader(shape: Shape, dialect: FormDialect): Read {
  const value = shape.getValueSchema();
  const item = formReader(value, dialect);
  const flat = dialect === "ec2Query" || shape.getMergedTraits().xmlFlattened;
  const step = value.getMergedTraits().xmlName ?? "member";
  return (node) => {
    const holder = flat ? node : (node.children.get(step) ?? node.children.get("member"));
    if (holder) return numbered(holder).map(item);
    if (node.children.size > 0) throw badInput("Expected a list: fields named member.1, member.2, ...");
    return [];
  };
}

function mapReader(shape: Shape, dialect: FormDialect): Read {
  const key = shape.getKeySchema().getMergedTraits().xmlName ?? "key";
  const value = shape.getValueSchema();
  const item = formReader(value, dialect);
  const step = value.getMergedTraits().xmlName ?? "value";
  const flat = shape.getMergedTraits().xmlFlattened;
  return (node) => {
    const holder = flat ? node : node.children.get("entry");
    return Object.fromEntries(
      (holder ? numbered(holder) : []).map((entry) => {
        const name = entry.children.get(key)?.value;
        const content = entry.children.get(step);
        if (name === undefined || !content) throw badInput(`Expected a map: fields named 1.${key} and 1.${step}`);
        return [name, item(content)];
      }),
    );
  };
}
