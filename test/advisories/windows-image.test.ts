import { describe, expect, test } from "vitest";
import { HOUR, watchOne } from "./watch-one.ts";

describe("an image of Windows", () => {
  const windows = (version: string) => ({ name: "windows-server-2022", version, architecture: "x86_64" });
  const update = (kb: string, build: string, cve = "CVE-2026-1001") => ({
    advisory: { id: kb, severity: "important" as const, cves: [cve] },
    packages: [windows(build), windows(build.replace(/\d$/, "0"))],
  });
  const watch = (packages: ReturnType<typeof windows>[], trigger = {}) =>
    watchOne({ os: "windows-2022", packages, trigger });

  test("is rebuilt for a newer build, once more when the month is revised, and not with the newest", async () => {
    const { repository, publish, time, look, installed } = await watch([windows("10.0.20348.2966")], {
      exploited: "always",
    });
    const before = await look();
    publish(update("KB5058385", "10.0.20348.3807"));
    repository.learn({ at: time.now, cve: "CVE-2026-1001", exploited: true });
    const first = await look();
    time.now += 5 * 24 * HOUR;
    publish(update("KB5058999", "10.0.20348.3817", "CVE-2026-1002"));
    const second = await look();
    installed.manifest = { packages: [windows("10.0.20348.3817")] };

    expect(before.announce).toEqual([]);
    expect(first.announce).toMatchObject([
      {
        id: "KB5058385",
        exploited: ["CVE-2026-1001"],
        packages: [{ name: "windows-server-2022", installed: "10.0.20348.2966", fixed: "10.0.20348.3800" }],
      },
    ]);
    expect(second.announce.map(({ id }) => id)).toEqual(["KB5058385", "KB5058999"]);
    expect((await look()).announce).toEqual([]);
  });

  test("a manifest whose build is not known in full starts nothing, and is reported", async () => {
    const { publish, look, failures } = await watch([windows("10.0.20348")]);
    publish(update("KB5058385", "10.0.20348.3807"));

    expect((await look()).announce).toEqual([]);
    expect(failures()).toMatchObject([{ code: "unjudged", reason: expect.stringContaining("is not a Windows build") }]);
  });

  const kb = (number: number) => ({ name: `KB${number}`, version: "10.0.20348", architecture: "x86_64" });

  test("without the revision its updates decide: installed or replaced ones are fixed, successors of installed ones are missing", async () => {
    const { publish, look, installed, failures } = await watch([windows("10.0.20348"), kb(5_055_526)]);
    publish({ ...update("KB5058385", "10.0.20348.3807"), replaces: ["KB5055526"] });
    const missing = await look();
    installed.manifest = { packages: [windows("10.0.20348"), kb(5_058_385)] };
    const there = await look();
    publish({ ...update("KB5060526", "10.0.20348.3900", "CVE-2026-1002"), replaces: ["KB5058385"] });
    installed.manifest = { packages: [windows("10.0.20348"), kb(5_060_526)] };

    expect(missing.announce).toMatchObject([{ id: "KB5058385", packages: [{ installed: "10.0.20348" }] }]);
    expect(there.announce).toEqual([]);
    expect((await look()).announce).toEqual([]);
    expect(failures()).toEqual([]);
  });

  test("updates that the guide does not relate to the image's are undecided, which is reported", async () => {
    const { publish, look, failures } = await watch([windows("10.0.20348"), kb(5_001_000)]);
    publish({ ...update("KB5058385", "10.0.20348.3807"), replaces: ["KB5055526"] });

    expect((await look()).announce).toEqual([]);
    expect(failures()).toMatchObject([
      {
        code: "unjudged",
        reason: expect.stringContaining("KB5058385: windows-server-2022.x86_64: none of the image's updates"),
      },
    ]);
  });

  describe(".NET Framework's updates have no build of the system:", () => {
    const net = (version: string) => ({ name: "dotnet-framework", version, architecture: "x86_64" });
    const publication = (product: string) => ({
      advisory: { id: "KB5066139", severity: "important" as const, cves: ["CVE-2026-1003"] },
      packages: [net("4.8.4785.0")],
      productName: product,
      replaces: ["KB5057056"],
    });
    const FOR_48 = "Microsoft .NET Framework 3.5 AND 4.8 on Windows Server 2022";

    test.each([
      ["its update is missing", FOR_48, [net("4.8"), kb(5_057_056)], ["KB5066139"], 0],
      ["its update is installed", FOR_48, [net("4.8"), kb(5_066_139)], [], 0],
      ["another version is installed", FOR_48, [net("4.8.1"), kb(5_057_056)], [], 0],
      ["it is for another system", FOR_48.replace("2022", "2025"), [net("4.8"), kb(5_057_056)], [], 0],
      ["the manifest lists no updates", FOR_48, [net("4.8")], [], 1],
    ])("%s", async (_what, product, also, announced, unjudged) => {
      const { publish, look, failures } = await watch([windows("10.0.20348.3807"), ...also]);
      publish(publication(product));

      expect((await look()).announce.map(({ id }) => id)).toEqual(announced);
      expect(failures()).toHaveLength(unjudged);
    });
  });
});
