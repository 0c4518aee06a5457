// @module-tag deep
// @module-tag needs/namespaces

import type { RunEvent } from "component-runner";
import { endings, planned, steps } from "component-runner/testing/run";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Example, openExample } from "../../demo/debian/example.ts";
import { hardeningOf, leaveOut } from "../../demo/debian/left-out.ts";
import { runAndList } from "./installed-packages.ts";

const HARDENING = [
  "amint:harden-ssh",
  "amint:harden-accounts",
  "demo/debian/components/harden-files.yaml",
  "demo/debian/components/harden-network.yaml",
  "demo/debian/components/harden-nginx.yaml",
];

describe("the Debian example", () => {
  const events: RunEvent[] = [];
  let example: Example;
  beforeAll(async () => {
    example = await openExample((event) => events.push(event));
  }, 600_000);
  afterAll(() => example?.[Symbol.asyncDispose]());

  test("passes with every step carried out for real, and its manifest lists what dpkg says is installed", async () => {
    const { result, listed, installed } = await runAndList(example, { cache: false });

    expect(result.documents.filter(({ status }) => status !== "success")).toEqual([]);
    expect(result.documents.flatMap(({ steps }) => steps).filter(({ fidelity }) => fidelity !== "real")).toEqual([]);
    expect(result).toMatchObject({ restarts: 1, tested: true });
    expect(listed).toEqual(installed);
  });

  test("ExecuteDocument reads a component of the factory from AWS, with the instance's role", async () => {
    const arn = "arn:aws:imagebuilder:eu-west-1:111122223333:component/debian-example-harden-network/x.x.x";
    const step = (document: string) =>
      steps("build", `- { name: Nested, action: ExecuteDocument, inputs: { document: "${document}" } }`);

    const found = await example.run({ planned: [planned("outer.yaml", step(arn))], cache: false });
    const missing = await example.run({
      planned: [planned("outer.yaml", step(arn.replace("harden-network", "none")))],
      cache: false,
    });

    expect(endings(found)).toMatchObject({ "build.Nested": "success" });
    expect(endings(missing)["build.Nested"]).toContain("could not be read: ResourceNotFoundException");
  });

  test("its hardening components are those omitted below", () => {
    expect(hardeningOf(example)).toEqual(HARDENING);
  });

  for (const component of HARDENING) {
    test(`without ${component} every step of its tests fails, and no other test`, async () => {
      const found = await leaveOut(example, component);

      expect(found).toMatchObject({ unnoticed: [], others: [] });
      expect(found.noticed.length).toBeGreaterThanOrEqual(5);
    });
  }
});
