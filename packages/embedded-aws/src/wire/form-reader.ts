import { badInput } from "./bad-input.ts";
import { type FormNode, numbered } from "./form-tree.ts";
import { perStructure } from "./per-structure.ts";
import { textReader } from "./scalars.ts";
import { kindOf, membersOf, type Shape } from "./shape.ts";

type Read = (node: FormNode) => unknown;

/** EC2 names form fields by rules of its own. */
export type FormDialect = "awsQuery" | "ec2Query";

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

/** https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html: ec2QueryName, else the XML name, capitalized. */
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
