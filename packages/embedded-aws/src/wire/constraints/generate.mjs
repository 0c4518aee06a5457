/**
 * Writes `<service>.json`: the constraints (length, range, pattern, enum) of the inputs of every operation in
 * src/services. The SDK's runtime schemas do not contain them; botocore's API models do (Apache-2.0, © Amazon).
 *
 * Run it by hand with Node 24 after adding an operation, or to follow a newer botocore:
 *   pip download botocore --no-deps && unzip botocore-*.whl -d botocore       (or Debian's python3-botocore)
 *   node packages/embedded-aws/src/wire/constraints/generate.mjs <folder with botocore/data> <botocore's version>
 * Prints what it omits, and why. Then run `npm test`: new enum values of AWS must not be refused.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { allServices } from "../../services/all.ts";
import { wholeMatch } from "./whole-match.ts";

const FOLDERS = { states: "stepfunctions", monitoring: "cloudwatch", servicequotas: "service-quotas" };
/** Enums that AWS's service does not enforce, or that are too long and change too often. */
const LEFT_OUT = {
  "sqs:QueueAttributeName":
    "ReceiveMessage takes message attributes there, too; the service refuses unknown names itself",
  "sqs:MessageSystemAttributeName": "as QueueAttributeName",
  "ec2:PermissionGroup": "the service itself refuses a group as an invalid attribute item",
  "ec2:InstanceType": "over a thousand values, and more every month",
};
/** Dynalite checks these operations, with AWS's recorded messages. */
const BY_DYNALITE = /^(Batch|Create|Delete|DescribeTable|Get|ListTables|Put|Query|Scan|UpdateItem|UpdateTable)/;
const KINDS = { integer: "number", long: "number", float: "number", double: "number" };

const [data, version] = process.argv.slice(2);
if (!data || !version) throw new Error("Usage: generate.mjs <folder with botocore/data> <botocore's version>");

const written = [];
for (const [name, load] of Object.entries(allServices)) {
  const service = await load();
  const model = readModel(FOLDERS[name] ?? name);
  const { operations, shapes, notes } = extract(
    name,
    model,
    Object.keys(service.operations)
      .filter((operation) => name !== "dynamodb" || !BY_DYNALITE.test(operation))
      .sort(),
    await service.client(),
  );
  for (const note of notes) console.log(`${name}: ${note}`);
  if (Object.keys(operations).length === 0) continue;
  const lines = Object.keys(shapes)
    .sort()
    .map((shape) => `    ${JSON.stringify(shape)}: ${JSON.stringify(shapes[shape])}`);
  const file = join(import.meta.dirname, `${name}.json`);
  writeFileSync(
    file,
    `{\n  "source": "botocore ${version}, Apache-2.0, © Amazon.com, Inc. or its affiliates; made by generate.mjs",\n` +
      `  "operations": ${JSON.stringify(operations, null, 2)},\n  "shapes": {\n${lines.join(",\n")}\n  }\n}\n`,
  );
  written.push(file);
}
execFileSync("node_modules/.bin/biome", ["format", "--write", ...written], { stdio: "inherit" });

function readModel(folder) {
  const versions = readdirSync(join(data, folder)).sort();
  const path = join(data, folder, versions.at(-1), "service-2.json");
  return JSON.parse(existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`)));
}

/** Shapes by name, without those that contain no constraints; operations by their input's shape. */
function extract(service, model, names, client) {
  const notes = [];
  const unknown = names.filter((name) => !model.operations[name]);
  if (unknown.length > 0) notes.push(`not in this botocore: ${unknown.join(", ")}`);
  const inputs = names.flatMap((name) => {
    const input = model.operations[name]?.input?.shape;
    return input ? [[name, input]] : [];
  });
  const reached = new Map();
  for (const [, input] of inputs) reach({ service, model, client, notes }, input, reached);
  prune(reached);
  const operations = Object.fromEntries(inputs.filter(([, input]) => reached.has(input)));
  const free = inputs.filter(([, input]) => !reached.has(input)).map(([name]) => name);
  if (free.length > 0) notes.push(`nothing to constrain: ${free.join(", ")}`);
  return { operations, shapes: Object.fromEntries(reached), notes };
}

function reach(from, name, reached) {
  if (reached.has(name)) return;
  const shape = from.model.shapes[name];
  const entry = { kind: KINDS[shape.type] ?? shape.type, ...own(from, name, shape) };
  reached.set(name, entry);
  const next = (member) => {
    reach(from, member.shape, reached);
    return member.shape;
  };
  if (shape.members) {
    entry.members = Object.fromEntries(Object.entries(shape.members).map(([key, member]) => [key, next(member)]));
  }
  if (shape.type === "list") entry.item = next(shape.member);
  if (shape.type === "map") Object.assign(entry, { key: next(shape.key), value: next(shape.value) });
}

function own({ service, client, notes }, name, shape) {
  const found = {};
  if (shape.min > (KINDS[shape.type] ? Number.NEGATIVE_INFINITY : 0)) found.min = shape.min;
  if (shape.max !== undefined && shape.max < 2 ** 31 - 1) found.max = shape.max;
  if (shape.sensitive) found.sensitive = true;
  if (shape.pattern && shape.pattern !== ".*" && shape.pattern !== "[\\s\\S]*") {
    if (wholeMatch(shape.pattern)) found.pattern = shape.pattern;
    else notes.push(`${name}: this pattern has no JavaScript form and is omitted: ${shape.pattern}`);
  }
  const why = shape.enum && LEFT_OUT[`${service}:${name}`];
  if (why) notes.push(`${name}: its values are not enforced: ${why}`);
  else if (shape.enum) found.enum = values(name, shape.enum, client);
  return found;
}

/** The name of the SDK's exported constant, if it has every value that botocore has; otherwise the values. */
function values(name, known, client) {
  const exported = client[name];
  if (typeof exported !== "object" || exported === null || Array.isArray(exported)) return known;
  const all = Object.values(exported);
  return known.every((value) => all.includes(value)) ? name : [...new Set([...all, ...known])];
}

/** Removes shapes that contain no constraints, and references to them, until none is left. */
function prune(shapes) {
  for (let before = -1; before !== shapes.size; ) {
    before = shapes.size;
    for (const [name, shape] of shapes) {
      if (shape.members) {
        const kept = Object.entries(shape.members).filter(([, target]) => shapes.has(target));
        shape.members = Object.fromEntries(kept);
      }
      for (const way of ["item", "key", "value"]) if (shape[way] && !shapes.has(shape[way])) delete shape[way];
      const constrained = ["min", "max", "pattern", "enum"].some((trait) => shape[trait] !== undefined);
      const leads = Object.keys(shape.members ?? {}).length > 0 || shape.item || shape.key || shape.value;
      if (!constrained && !leads) shapes.delete(name);
    }
  }
}
