// @module-tag needs/shared-updateinfo
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { FeedFailure } from "../../../adapters/advisories/feed-failure.ts";
import { feedLimits } from "../../../adapters/advisories/fetch-file.ts";
import { UpdateinfoReader } from "../../../adapters/advisories/rpm/parse-updateinfo.ts";
import { findUpdateinfo } from "../../../adapters/advisories/rpm/read-rpm-feed.ts";

const folder = "../shared/conformance/updateinfo";
const file = (name: string): Buffer => readFileSync(`${folder}/${name}`);

function advisoriesOf(name: string) {
  const reader = new UpdateinfoReader(name, feedLimits, () => true);
  const text = gunzipSync(file(name));
  for (let at = 0; at < text.length; at += 100) reader.write(text.subarray(at, at + 100));
  reader.end();
  return reader.advisories;
}

test("Amazon Linux's own updateinfo is read whole", () => {
  const [al2023] = advisoriesOf("updateinfo_AL2023.xml.gz");
  expect(al2023).toMatchObject({
    id: "ALAS2023-2023-001",
    severity: "important",
    issued: "2023-02-17T20:41:00.000Z",
    cves: expect.arrayContaining(["CVE-2022-24903", "CVE-2014-3634"]),
  });
  expect(al2023?.fixes).toContainEqual({
    name: "rsyslog",
    architecture: "x86_64",
    version: expect.stringMatching(/^8\.2204\.0-\d\.amzn2023/),
  });

  const [al2022] = advisoriesOf("updateinfo_AL2022.xml.gz");
  expect(al2022).toMatchObject({ id: "ALAS2022-2021-001", severity: "medium" });
  expect(al2022?.cves).toHaveLength(4);
  expect(al2022?.fixes).toContainEqual({
    name: "vim-default-editor",
    architecture: "noarch",
    version: "2:8.2.3512-1.amzn2022",
  });

  expect(advisoriesOf("updateinfo_2_items.xml.gz").map(({ id, fixes }) => [id, fixes[0]?.version])).toEqual([
    ["ALAS2-2018-942", "10:1.5.3-141.amzn2.5.3"],
    ["ALAS2-2018-949", expect.stringContaining("1:1.8.0.161-")],
  ]);
  expect(advisoriesOf("updateinfo_1_item.xml.gz")).toMatchObject([{ id: "ALAS2-2018-939", severity: "critical" }]);
});

test("an updateinfo that is broken is refused", () => {
  expect(() => advisoriesOf("updateinfo_invalid.xml.gz")).toThrow(FeedFailure);
});

test("a vendor's repomd.xml tells where updateinfo is, and one without it is refused", () => {
  const url = "https://repository.example.com/x86_64/repodata/repomd.xml";
  expect(findUpdateinfo(url, file("repomd_valid.xml"), feedLimits)).toEqual({
    at: Date.parse("2019-10-01T23:25:26Z"),
    file: "https://repository.example.com/x86_64/repodata/updateinfo.xml.gz",
    packing: ".gz",
    packed: {
      algorithm: "sha256",
      hex: "e6f569f8ed2246a6b06c0fef7cfd71560df02781327e31c38396ed358d591d48",
      size: 146_324,
    },
    unpacked: {
      algorithm: "sha256",
      hex: "d00ca5a4fa4b40ea884c4510c76194c4b13da46fdf5863bcc81615efd7b1eafa",
      size: 1_494_519,
    },
  });
  expect(() => findUpdateinfo(url, file("repomd_invalid.xml"), feedLimits)).toThrow("lists no");
});
