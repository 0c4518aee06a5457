import { rolePrincipal } from "embedded-aws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findEvidence } from "../../adapters/evidence/evidence.ts";
import { factoryWith, startEvidenceWorld } from "../evidence/evidence-world.ts";
import { EVIDENCE_BUCKET } from "../world/building.ts";
import { type Deployed, startDeployed } from "../world/deployed.ts";

const account = "111122223333";
const region = "eu-west-1";
const VICTIM = "i-0123456789abcdef0";
const ATTACKER = "i-0eeeeeeeeeeeeeeee";

type Call = <Output>(service: string, operation: string, input: object) => Promise<Output>;

/** What came of a call: its error code, or "done". */
const outcome = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => "done",
    ({ code }: { code: string }) => code,
  );

const planted = new TextEncoder().encode(
  JSON.stringify({ packages: [{ name: "planted", version: "1", architecture: "any" }] }),
);

describe.each(["amint-acme-build-instance", "amint-acme-container-build-instance"])("a build on %s", (name) => {
  let factory: Deployed;
  beforeAll(async () => {
    factory = await startDeployed();
  }, 60_000);
  afterAll(() => factory.close());

  /** As a script of a component of that build calls AWS, with its instance's credentials. */
  const call: Call = (service, operation, input) => {
    const principal = rolePrincipal(`arn:aws:iam::${account}:role/${name}`, ATTACKER);
    return factory.booted.aws.call(service, operation, input, { principal, region });
  };
  const put = (Key: string) =>
    outcome(call("s3", "PutObject", { Bucket: `acme-evidence-${account}`, Key, Body: planted }));

  test("plants no manifest for another instance's build", async () => {
    const { UserId } = await call<{ UserId: string }>("sts", "GetCallerIdentity", {});
    const [roleId] = UserId.split(":");

    expect({
      [VICTIM]: await put(`manifests/${VICTIM}/packages.json`),
      victim: await put(`manifests/${roleId}:${VICTIM}/packages.json`),
      role: await put(`manifests/${roleId}/packages.json`),
      evidence: await put("evidence/acme-al2023-base/1.0.0/1.json"),
      own: await put(`manifests/${UserId}/packages.json`),
    }).toEqual({
      [VICTIM]: "AccessDenied",
      victim: "AccessDenied",
      role: "AccessDenied",
      evidence: "AccessDenied",
      own: "done",
    });
  });

  test("reads no parameter of the account", async () => {
    const { aws } = factory.booted;
    const Name = "/payroll/database/password";
    const owner = { principal: { kind: "account", account, arn: `arn:aws:iam::${account}:root` }, region } as const;
    await aws.call("ssm", "PutParameter", { Name, Value: "secret", Type: "String", Overwrite: true }, owner);

    expect([
      await outcome(call("ssm", "GetParameter", { Name })),
      await outcome(call("ssm", "GetParameters", { Names: [Name] })),
      await outcome(call("ssm", "GetParametersByPath", { Path: "/payroll" })),
    ]).toEqual(["AccessDeniedException", "AccessDeniedException", "AccessDeniedException"]);
  });
});

test("a build's evidence has its own manifest after another image's build tried to replace it", async () => {
  const own = JSON.stringify({ packages: [{ name: "bash", version: "5", architecture: "x86_64" }] });
  const world = await startEvidenceWorld({ file: (_, path) => (path.endsWith("packages.json") ? own : undefined) });
  const factory = factoryWith({ cve: { count: "all" } });
  const build = await world.build();
  const listed = await world.call<{ Contents: { Key: string }[] }>("s3", "ListObjectsV2", {
    Bucket: EVIDENCE_BUCKET,
    Prefix: "manifests/",
  });
  const [{ Key } = { Key: "" }] = listed.Contents;
  const principal = rolePrincipal(`arn:aws:iam::${account}:role/instance`, ATTACKER);

  const put = world.aws.call("s3", "PutObject", { Bucket: EVIDENCE_BUCKET, Key, Body: planted }, { principal, region });

  expect(await outcome(put)).toBe("AccessDenied");
  await world.collect(factory, build);
  expect(await findEvidence(world.stepFor(factory).ledger, build)).toMatchObject({ packageCount: 1 });
  expect(JSON.parse(Buffer.from(await world.object("evidence/acme-base/1.0.0/1.json")).toString())).toMatchObject({
    manifest: { packages: [{ name: "bash" }] },
  });
});
