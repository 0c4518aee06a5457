import { expect, test } from "vitest";
import { liveUntilDay, request, startInProcess } from "./in-process.ts";

async function fourDays(): Promise<{ log: string[]; said: string[] }> {
  const factory = await startInProcess();
  try {
    await request(factory, "al2023-base");
    await request(factory, "ubuntu-2404-base");
    await liveUntilDay(factory, 4);
    return { log: factory.log, said: factory.events.map(({ detailType }) => detailType) };
  } finally {
    await factory.close();
  }
}

test("the same days in process are the same to the last byte", { timeout: 120_000 }, async () => {
  const first = await fourDays();

  const second = await fourDays();

  expect(first.said).toContain("channel.moved");
  expect(first.said).not.toContain("promotion.failed");
  expect(first.said).not.toContain("drift.repaired");
  expect(second.log.join("\n")).toBe(first.log.join("\n"));
});
