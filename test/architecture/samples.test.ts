import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { factorySource } from "../../events/define-event.ts";

const sample = z.object({
  provenance: z.string().min(1),
  event: z.looseObject({ source: z.string(), "detail-type": z.string() }),
});

const read = (path: string) => sample.parse(JSON.parse(readFileSync(path, "utf8")));

const isDefinition = (value: unknown): value is { detailType: string; detail: z.ZodType } =>
  typeof value === "object" && value !== null && "detailType" in value;
const isAwsDefinition = (value: unknown): value is { schema: z.ZodType } =>
  typeof value === "object" && value !== null && "schema" in value && "pattern" in value;

const definitionsIn = async (folder: string): Promise<unknown[]> => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  const modules = await Promise.all(files.map((file) => import(`../../${folder}/${file}`)));
  return modules.flatMap((module) => Object.values(module));
};

const own = (await definitionsIn("events")).filter(isDefinition);
const aws = readdirSync("events/aws").map((file) => file.replace(".ts", ""));

test.each(own.map((definition) => [definition.detailType, definition] as const))(
  "%s has a sample that its schema takes",
  (detailType, definition) => {
    const { event } = read(`events/samples/${detailType}.json`);
    expect(event.source).toBe(factorySource);
    expect(event["detail-type"]).toBe(detailType);
    expect(definition.detail.safeParse(event.detail).error).toBeUndefined();
  },
);

test.each(aws)("AWS's sample of %s is accepted, and one without its detail is refused", async (name) => {
  const { event } = read(`events/samples/aws/${name}.json`);
  const [definition] = Object.values(await import(`../../events/aws/${name}.ts`)).filter(isAwsDefinition);
  expect(definition?.schema.safeParse(event).error).toBeUndefined();
  expect(definition?.schema.safeParse({ ...event, detail: {} }).success).toBe(false);
});

test("no two events share a name", () => {
  const names = own.map(({ detailType }) => detailType);
  expect(new Set(names).size).toBe(names.length);
});
