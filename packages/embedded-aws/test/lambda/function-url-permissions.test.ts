import { expect, test } from "vitest";
import { ANONYMOUS } from "../../src/services/lambda/function-url-invocation.ts";
import { PUBLIC, permissionsFor, signed, signedWith, startAws } from "./function-url-aws.ts";
import { ACCOUNT, REGION } from "./new-lambda.ts";

const OTHER = "444455556666";
const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:function-url-echo`;
const FORBIDDEN = { Message: expect.stringMatching(/^Forbidden\. For troubleshooting Function URL authorization/) };
const allow = (Action: string, Condition?: object) => ({
  Effect: "Allow",
  Action,
  Resource: arn,
  ...(Condition && { Condition }),
});
const BOTH = [
  allow("lambda:InvokeFunctionUrl", { StringEquals: { "lambda:FunctionUrlAuthType": "AWS_IAM" } }),
  allow("lambda:InvokeFunction", { Bool: { "lambda:InvokedViaFunctionUrl": "true" } }),
];
const statuses = (answers: readonly Response[]) => answers.map(({ status }) => status);

test.each([
  ["neither", [], 403],
  ["only the one for the address", [PUBLIC[0]], 403],
  ["only the one for the function", [PUBLIC[1]], 403],
  ["both", PUBLIC, 200],
  ["both, but for addresses with IAM", permissionsFor("*"), 403],
  [
    "both, but for one account",
    [
      { ...PUBLIC[0], Principal: ACCOUNT },
      { ...PUBLIC[1], Principal: ACCOUNT },
    ],
    403,
  ],
] as const)("a URL without authentication needs both permissions: %s", async (_, permissions, status) => {
  const aws = await startAws();
  const url = await aws.serve("echo", "NONE", permissions);

  const answer = await fetch(url);

  expect(answer.status).toBe(status);
  if (status === 403) {
    expect(await answer.json()).toEqual(FORBIDDEN);
    expect(answer.headers.get("x-amzn-errortype")).toBe("AccessDeniedException");
  }
});

test("public permissions on the URL do not allow other ways to invoke the function", async () => {
  const aws = await startAws();
  await aws.serve("echo", "NONE", PUBLIC);
  const stranger = { kind: "account", account: OTHER, arn: `arn:aws:iam::${OTHER}:root` } as const;

  await expect(aws.call("Invoke", { FunctionName: arn }, stranger)).rejects.toThrow(/lambda:InvokeFunction on/);
  await expect(aws.call("Invoke", { FunctionName: arn }, ANONYMOUS)).rejects.toThrow(/lambda:InvokeFunction on/);
});

test("a URL with IAM answers callers whose policies allow both actions", async () => {
  const aws = await startAws();
  const url = await aws.serve("echo", "AWS_IAM");
  const all = await aws.keysOf(ACCOUNT, "all", BOTH);
  const first = await aws.keysOf(ACCOUNT, "first", BOTH.slice(0, 1));
  const second = await aws.keysOf(ACCOUNT, "second", BOTH.slice(1));
  const none = await aws.keysOf(ACCOUNT, "none", []);

  const answers = await Promise.all([
    fetch(url, { headers: signedWith(all) }),
    fetch(url, { headers: signed(ACCOUNT) }),
    ...[first, second, none].map((keys) => fetch(url, { headers: signedWith(keys) })),
    fetch(url),
  ]);

  expect(statuses(answers)).toEqual([200, 200, 403, 403, 403, 403]);
});

test("within an account the function's policy alone is enough, if it names the caller", async () => {
  const aws = await startAws();
  const keys = await aws.keysOf(ACCOUNT, "named", []);
  const others = await aws.keysOf(ACCOUNT, "others", []);
  const url = await aws.serve("echo", "AWS_IAM", permissionsFor(`arn:aws:iam::${ACCOUNT}:role/named`));

  const answers = await Promise.all([keys, others].map((one) => fetch(url, { headers: signedWith(one) })));

  expect(statuses(answers)).toEqual([200, 403]);
});

test("another account needs a grant on both sides", async () => {
  const aws = await startAws();
  const granted = await aws.keysOf(OTHER, "granted", BOTH);
  const bare = await aws.keysOf(OTHER, "bare", []);
  const url = await aws.serve("echo", "AWS_IAM");
  const before = await fetch(url, { headers: signedWith(granted) });

  for (const one of permissionsFor(OTHER)) await aws.call("AddPermission", { FunctionName: arn, ...one });
  const after = await Promise.all([granted, bare].map((one) => fetch(url, { headers: signedWith(one) })));

  expect(statuses([before, ...after])).toEqual([403, 200, 403]);
});

test.each([
  ["another service's signature", signed(ACCOUNT, { service: "execute-api" }), "correct service: 'lambda'"],
  ["another region's signature", signed(ACCOUNT, { region: "us-east-1" }), "a valid region"],
  ["an unknown key", signed("AKIAUNKNOWN"), "security token included in the request is invalid"],
  ["a credential that is none", { authorization: "AWS4-HMAC-SHA256 Credential=x" }, "slash-delimited"],
])("%s is refused before anything runs", async (_, headers, message) => {
  const aws = await startAws();
  const url = await aws.serve("echo", "AWS_IAM");

  const answer = await fetch(url, { headers });

  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(await answer.json()).toMatchObject({ message: expect.stringContaining(message) });
});

test("the function sees the caller, but not its credentials", async () => {
  const aws = await startAws();
  const url = await aws.serve("echo", "AWS_IAM");
  const keys = await aws.keysOf(ACCOUNT, "all", BOTH);

  const event = (await (await fetch(url, { headers: signedWith(keys) })).json()) as Record<string, unknown>;

  expect(event).toMatchObject({
    requestContext: {
      accountId: ACCOUNT,
      authorizer: {
        iam: {
          accessKey: keys.accessKeyId,
          accountId: ACCOUNT,
          callerId: expect.stringMatching(/^AROA\w+:ada$/),
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: `arn:aws:sts::${ACCOUNT}:assumed-role/all/ada`,
          userId: expect.stringMatching(/^AROA\w+:ada$/),
        },
      },
    },
  });
  expect(event.headers).not.toHaveProperty("authorization");
});

test("the call log has every request, refused ones too", async () => {
  const aws = await startAws();
  const url = await aws.serve("echo", "NONE", PUBLIC);
  await fetch(url);
  await aws.call("RemovePermission", { FunctionName: arn, StatementId: "function" });
  await fetch(url);
  await fetch(`${aws.server.url}/_url/missing/`);

  const log = await fetch(`${aws.server.url}/_embedded/calls?operation=InvokeFunctionUrl`);
  const { calls } = (await log.json()) as { calls: { caller: string; account: string; outcome: string }[] };

  expect(calls).toMatchObject([
    { caller: "anonymous", account: ACCOUNT, outcome: "OK" },
    { caller: "anonymous", account: ACCOUNT, outcome: "AccessDeniedException" },
    { caller: "-", outcome: "AccessDeniedException" },
  ]);
});
