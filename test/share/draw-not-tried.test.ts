import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { drawShares } from "../../cli/share/draw-shares.ts";
import type { Shares } from "../../cli/share/read-shares.ts";

test("an account whose launch dry run could not be made is shown so, in its row and in its OU's", () => {
  const at = "2026-04-08T09:51:00.000Z";
  const row = (account: string, notTried?: string) => ({
    account,
    name: account,
    units: ["Workloads"],
    region: "eu-west-1",
    amiId: "ami-0a1b2c3d",
    state: "shared",
    by: { kind: "organization" },
    verified: { account, proof: "decryptable", at, ...(notTried && { notTried }) },
  });
  const build = "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1";
  const shares = {
    image: "base",
    organizationReadAt: at,
    channels: [
      {
        channel: "stable",
        pointed: { build, movedAt: at, amis: { "eu-west-1": "ami-0a1b2c3d" } },
        rows: [row("400000000001"), row("500000000001", "a network to launch in")],
      },
    ],
  } as unknown as Shares;

  const [byUnit, byAccount] = [false, true].map((accounts) =>
    stripVTControlCharacters(drawShares(shares, { accounts })),
  );

  expect(byUnit).toContain("2 shared, 1 dry runs passed, 1 launch not tried");
  expect(byAccount).toMatch(/500000000001.*launch not tried/);
  expect(byAccount).toMatch(/400000000001.*dry runs passed/);
});
