import { readdirSync, readFileSync } from "node:fs";
import { FACTORY_CALLS, type OperationInUse, servicesByPackage } from "embedded-aws/testing/clients";
import { expect, test } from "vitest";

/** The folders whose code calls AWS through the SDK. The embedded AWS and its deployment are covered by what is built. */
const FOLDERS = ["adapters", "functions", "cli", "local", "stacks"];

/** Commands of lib-dynamodb's document client, which have shorter names. */
const DOCUMENT_COMMANDS: Readonly<Record<string, string>> = {
  BatchGet: "BatchGetItem",
  BatchWrite: "BatchWriteItem",
  Delete: "DeleteItem",
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
};

/**
 * Every operation that our code asks for: the SDK's commands, paginators and waiters that it imports, and the services
 * that the state machines of the blueprint call.
 * @throws Error for an SDK package that no service of the embedded AWS belongs to
 */
function usedOperations(): OperationInUse[] {
  const services = servicesByPackage();
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${folder}/${file}`),
  );
  return [...files.flatMap((path) => importedOperations(path, services)), ...taskOperations("blueprint.json")];
}

const IMPORT = /import\s+(?!type\b)\{([^}]*)\}\s+from\s+"(@aws-sdk\/(?:client|lib)-[\w-]+)"/g;

function importedOperations(path: string, services: ReadonlyMap<string, string>): OperationInUse[] {
  return [...readFileSync(path, "utf8").matchAll(IMPORT)].flatMap(([, names = "", from = ""]) => {
    const service = services.get(from);
    if (!service) throw new Error(`${path} imports ${from}, which no service of the embedded AWS names as its client`);
    return names
      .split(",")
      .map((name) => /^(?:paginate(\w+)|([A-Z]\w*)Command)$/.exec(name.trim()))
      .flatMap((match) => match?.[1] ?? match?.[2] ?? [])
      .map((name) => ({ call: `${service}:${operationOf(from, name)}`, by: path }));
  });
}

const operationOf = (from: string, name: string): string =>
  from === "@aws-sdk/lib-dynamodb" ? (DOCUMENT_COMMANDS[name] ?? name) : name;

/** `arn:aws:states:::aws-sdk:imagebuilder:getImage`, and the optimized `arn:aws:states:::lambda:invoke`. */
function taskOperations(path: string): OperationInUse[] {
  const tasks = readFileSync(path, "utf8").matchAll(/:states:::(?:aws-sdk:)?(\w+):(\w+)/g);
  const calls = [...tasks].map(
    ([, service = "", name = ""]) => `${service}:${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  );
  return [...new Set(calls)].map((call) => ({ call, by: path }));
}

const called = new Set(FACTORY_CALLS.map(({ call }) => call));

test("every operation that adapters, functions, state machines and commands use is called through every client", () => {
  const used = usedOperations();

  expect(used.filter(({ call }) => !called.has(call)).map(({ call, by }) => `${call} (${by}) has no call`)).toEqual([]);
  // Nothing found would be nothing missing.
  expect(used.map(({ call }) => call)).toEqual(
    expect.arrayContaining([
      "dynamodb:UpdateItem",
      "ec2:ModifyImageAttribute",
      "imagebuilder:GetImage",
      "imagebuilder:ListImageScanFindings",
      "lambda:Invoke",
    ]),
  );
});
