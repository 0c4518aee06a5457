import { readdirSync, readFileSync } from "node:fs";
import { allServices } from "../../../../local/services/all.ts";

/** An operation and who uses it, by path. */
export interface OperationInUse {
  /** `<signing name>:<operation>` */
  readonly call: string;
  readonly by: string;
}

/** The folders whose code calls AWS through the SDK. The embedded AWS and its deployment are covered by what is built. */
const FOLDERS = ["adapters", "functions", "cli", "stacks"];

/** Commands of lib-dynamodb's document client, which have shorter names. */
const DOCUMENT_COMMANDS: Readonly<Record<string, string>> = {
  BatchGet: "BatchGetItem",
  BatchWrite: "BatchWriteItem",
  Delete: "DeleteItem",
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
};

/** Every operation that the embedded AWS carries out. */
export async function builtOperations(): Promise<OperationInUse[]> {
  const found = await Promise.all(
    Object.entries(allServices).map(async ([name, load]) =>
      Object.keys((await load()).operations).map((one) => ({ call: `${name}:${one}`, by: `local/services/${name}` })),
    ),
  );
  return found.flat();
}

/**
 * Every operation that our code asks for: the SDK's commands, paginators and waiters that it imports, and the services
 * that the state machines of the blueprint call.
 * @throws Error for an SDK package that no service of the embedded AWS belongs to
 */
export function usedOperations(): OperationInUse[] {
  const services = servicesByPackage();
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${folder}/${file}`),
  );
  return [...files.flatMap((path) => importedOperations(path, services)), ...taskOperations("stacks/blueprint.json")];
}

/** `@aws-sdk/client-sfn` → `states`: each service says which client speaks for it. */
function servicesByPackage(): ReadonlyMap<string, string> {
  const found = Object.keys(allServices).flatMap((name): [string, string][] => {
    const source = readFileSync(`local/services/${name}/service.ts`, "utf8");
    const client = /\("(@aws-sdk\/client-[\w-]+)"\)/.exec(source)?.[1];
    // With schemas of our own, where the SDK's package has none: nobody imports it.
    if (source.includes('"./model.ts"')) return [];
    if (!client) throw new Error(`local/services/${name}/service.ts names no @aws-sdk client`);
    return [[client, name]];
  });
  return new Map([...found, ["@aws-sdk/lib-dynamodb", "dynamodb"]]);
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
