import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { at, blueprint, namesOf, resourcesOf } from "../world/read-blueprint.ts";

const folder = new URL("../../stacks/", import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") || file.endsWith(".mjs"))
  .map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") }));

describe("the stacks' sources", () => {
  it("name no partition: it comes from the deployment", () => {
    const lines = sources.flatMap(({ file, text }) =>
      text.split("\n").flatMap((line, index) => (line.includes("arn:aws:") ? [`${file}:${index + 1}: ${line}`] : [])),
    );

    expect(lines).toEqual([]);
  });

  it("use no links: an SST link grants all actions of a service", () => {
    const linking = sources.filter(({ text }) => /^\s*link\b\s*[:,]/m.test(text));

    expect(linking.map(({ file }) => file)).toEqual([]);
  });
});

describe("the blueprint", () => {
  it("contains no data of the machine that wrote it, and no secret", () => {
    const text = readFileSync("blueprint.json", "utf8");

    expect(text).not.toContain(process.cwd());
    const variables = resourcesOf("Function").flatMap((one) =>
      Object.entries(at<Record<string, string>>(one, "environment", "variables") ?? {}),
    );
    const secrets = variables.filter(([, value]) => value.includes("${secret."));
    expect(new Set(secrets.map(([name]) => name))).toEqual(new Set(["FEED_MIRRORS", "SLACK_API_URL"]));
  });

  it("names each resource once", () => {
    const keys = blueprint.resources.map(({ type, name }) => `${type} ${name}`);

    expect(new Set(keys).size).toBe(keys.length);
  });

  it("refers only to resources that it contains", () => {
    const references = [...JSON.stringify(blueprint.resources).matchAll(/\$\{(\w+)\.\w+\}/g)].map(([, name]) => name);

    const names = new Set([...namesOf(blueprint.resources), "secret"]);

    expect(references.filter((name) => !names.has(name!))).toEqual([]);
  });

  it("runs each function on Lambda's Node, with tracing, and with its log group", () => {
    const groups = resourcesOf("LogGroup").map((group) => at<string>(group, "name"));
    for (const lambda of resourcesOf("Function")) {
      expect(lambda.inputs).toMatchObject({
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        tracingConfig: { mode: "Active" },
      });
      expect(groups).toContain(at<string>(lambda, "loggingConfig", "logGroup"));
    }
  });

  it("protects the ledger with point-in-time recovery and deletion protection", () => {
    const [ledger] = resourcesOf("Table");

    expect(ledger?.inputs).toMatchObject({
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
      ttl: { attributeName: "expires", enabled: true },
    });
  });
});
