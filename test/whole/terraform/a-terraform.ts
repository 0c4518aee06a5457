import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { mirror, VERSION } from "./mirror.ts";
import { AWS_PROVIDER, type ProviderSchema } from "./provider-schema.ts";

const { env } = process;

/** A command's result, by resource type. */
export interface Outcome {
  readonly code: number;
  /** How many resources were created or deleted, or would be changed. */
  readonly counts: ReadonlyMap<string, number>;
  /** The provider's errors, with the address. */
  readonly errors: readonly string[];
}

interface Line {
  readonly type: string;
  readonly hook?: { readonly resource: Named };
  readonly change?: { readonly resource: Named };
  readonly diagnostic?: Diagnostic;
}

interface Named {
  readonly addr: string;
  readonly resource_type: string;
}

interface Diagnostic {
  readonly severity: string;
  readonly address?: string;
  readonly summary: string;
  readonly detail?: string;
}

const isError = ({ severity }: Diagnostic): boolean => severity === "error";

const text = ({ summary, detail }: Diagnostic): string => (detail ? `${summary}: ${detail}` : summary);

export interface Place {
  /** URL of the embedded AWS. */
  readonly url: string;
  readonly account: string;
  /** The first is the provider's own; each has an alias. */
  readonly regions: readonly string[];
}

/** A folder with the provider's configuration, in which Terraform runs as an account of an AWS; for one test. */
export async function aTerraform({ url, account, regions: [region = "", ...others] }: Place): Promise<Terraform> {
  const folder = await mkdtemp(join(tmpdir(), "terraform-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const cli = join(folder, "cli.tfrc");
  await writeFile(
    cli,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  const common = { s3_use_path_style: true, skip_metadata_api_check: true };
  const configuration = {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: VERSION } } },
    provider: { aws: [{ region, ...common }, ...others.map((alias) => ({ region: alias, alias, ...common }))] },
  };
  await writeFile(join(folder, "provider.tf.json"), JSON.stringify(configuration));
  const terraform = new Terraform(folder, {
    PATH: env.PATH,
    HOME: folder,
    TF_CLI_CONFIG_FILE: cli,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: "any",
  });
  await terraform.text("init", "-input=false");
  return terraform;
}

/** A folder with a configuration, and Terraform to run in it. */
export class Terraform {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#env = env;
  }

  /** A file of the configuration; values are written as JSON. */
  async write(name: string, content: object | string | Buffer): Promise<void> {
    const isText = typeof content === "string" || Buffer.isBuffer(content);
    await writeFile(join(this.#folder, name), isText ? content : JSON.stringify(content, null, 2));
  }

  /** A command's output. @throws Error with the output if the command fails */
  async text(...args: string[]): Promise<string> {
    const { code, output } = await this.#run(args);
    if (code !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  }

  async schema(): Promise<ProviderSchema> {
    const { provider_schemas } = JSON.parse(await this.text("providers", "schema", "-json"));
    return provider_schemas[AWS_PROVIDER];
  }

  /** Errors of the configuration, each once. */
  async validate(): Promise<string[]> {
    const { output } = await this.#run(["validate", "-json"]);
    const { diagnostics } = JSON.parse(output) as { diagnostics: Diagnostic[] };
    return [...new Set(diagnostics.filter(isError).map(text))].sort();
  }

  async outcome(...args: string[]): Promise<Outcome> {
    const { code, output } = await this.#run([...args, "-json", "-input=false"]);
    const lines: Line[] = output
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
    const counts = new Map<string, number>();
    for (const { type, hook, change } of lines) {
      const done = type === "apply_complete" ? hook : undefined;
      const wanted = type === "planned_change" && args[0] === "plan" ? change : undefined;
      const { addr = "", resource_type: of = "" } = (done ?? wanted)?.resource ?? {};
      // Data sources are read, and nothing more.
      if (of && !addr.startsWith("data.")) counts.set(of, (counts.get(of) ?? 0) + 1);
    }
    const errors = lines.flatMap(({ diagnostic }) =>
      diagnostic && isError(diagnostic) ? [`${diagnostic.address ?? ""}: ${text(diagnostic)}`] : [],
    );
    return { code, counts, errors };
  }

  async #run(args: string[]): Promise<{ code: number; output: string }> {
    const child = spawn("terraform", args, { cwd: this.#folder, env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk));
    const [code] = await once(child, "close");
    return { code, output };
  }
}
