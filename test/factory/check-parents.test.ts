import { expect, test } from "vitest";
import { defineFactory } from "../../core/factory/define-factory.ts";
import { configWith, faultsIn } from "./faults.ts";

const executionRole = "arn:aws:iam::111122223333:role/image-builder";
const shared = (name: string, region = "eu-west-1") => `arn:aws:ssm:${region}:444455556666:parameter${name}`;

const configOf = (image: object, more: object = {}) =>
  configWith(more, { os: "debian-12", components: ["amint:update-debian"], tests: undefined, ...image });

const define = (parent: object, more: object = {}, image: object = {}) =>
  defineFactory(configOf({ parent, ...image }, more)).images.base?.parent;

const faultsOf = (...given: Parameters<typeof define>) => faultsIn(() => define(...given));

test.each([
  "/aws/service/debian/release/12/latest/amd64",
  "/imagebuilder/golden/debian",
  shared("/imagebuilder/golden/debian"),
])("the parameter %s is a parent as it is", (ssm) => {
  expect(define({ ssm })).toEqual({ ssm });
});

test("any other parameter needs an execution role, which may be allowed to read it", () => {
  for (const ssm of ["/golden/debian", shared("/golden/debian")]) {
    expect(faultsOf({ ssm })).toEqual([
      `images.base.parent.ssm: expected a parameter below "/aws/service/" or "/imagebuilder/", because Image Builder's service-linked role reads no others, or an executionRole that may read it; found "${ssm}"`,
    ]);
    expect(define({ ssm }, { executionRole })).toEqual({ ssm });
  }
});

test("a parameter of another region is refused: its AMI is not where builds are", () => {
  const ssm = shared("/imagebuilder/golden/debian", "us-east-1");

  expect(faultsOf({ ssm })).toEqual([
    `images.base.parent.ssm: expected a parameter in the build region eu-west-1, found "${ssm}"`,
  ]);
});

test("an owner's AMIs have a parameter of the factory's", () => {
  const ami = { owner: "136693071363", name: "debian-12-amd64-*" };

  expect(define({ ami })).toEqual({ ami, ssm: "/imagebuilder/amint/acme/parents/base" });
});

test.each([
  [
    { owner: "debian", name: "debian-12-*" },
    'owner: expected a 12-digit account ID, "amazon" or "self", found "debian"',
  ],
  [{ owner: "self", name: "**" }, "name: expected a pattern of AMI names"],
  [{ owner: "self", name: "a".repeat(129) }, "name: expected at most 128 characters"],
  [
    { owner: "amazon", name: "debian-12-*", architecture: "arm64" },
    'architecture: expected the image\'s "x86_64", found "arm64"',
  ],
  [
    { owner: "136693071363", name: "debian-13-amd64-*" },
    'name: expected a parent of os "debian-12", found one of debian-13: "debian-13-amd64-*"',
  ],
  [
    { owner: "136693071363", name: "debian-12-arm64-*" },
    'name: expected a parent of architecture "x86_64", found one of arm64: "debian-12-arm64-*"',
  ],
])("of AMIs by owner and name %o is refused", (ami, fault) => {
  const [found = "", ...others] = faultsOf({ ami });

  expect(found).toContain(`images.base.parent.ami.${fault}`);
  expect(others).toEqual([]);
});

test.each([
  ["rhel-9", "x86_64", "RHEL-9*_HVM-*-x86_64-*-Hourly2-GP3"],
  ["rocky-9", "arm64", "Rocky-9-EC2-Base-9.*.aarch64"],
  ["rocky-10", "x86_64", "Rocky-10-EC2-Base-10.*.x86_64"],
  ["alma-9", "x86_64", "AlmaLinux OS 9* x86_64"],
  ["alma-10", "arm64", "AlmaLinux OS 10* aarch64"],
  ["sles-16", "arm64", "suse-sles-16-0-v*-hvm-ssd-arm64"],
  ["windows-2022", "x86_64", "Windows_Server-2022-English-Full-Base-*"],
  ["ubuntu-2404", "arm64", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-*"],
])("the names of %s's AMIs are known for what they are", (os, architecture, name) => {
  const image = { os, architecture, components: ["images/components/own.yml"] };
  const other = architecture === "arm64" ? "x86_64" : "arm64";

  expect(faultsOf({ ami: { owner: "amazon", name } }, {}, image)).toEqual([]);
  expect(faultsOf({ ami: { owner: "amazon", name } }, {}, { ...image, os: "sles-15" })).toContainEqual(
    expect.stringContaining(`found one of ${os}`),
  );
  expect(faultsOf({ ami: { owner: "amazon", name } }, {}, { ...image, architecture: other }).join()).toMatch(
    os.startsWith("windows") ? /expected "x86_64" for windows-2022/ : /expected a parent of architecture/,
  );
});

test("an image that AWS manages is a parent in its region, without a base trigger and without children", () => {
  const imageBuilder = "arn:aws:imagebuilder:eu-west-1:aws:image/windows-server-2022-english-full-base-x86/x.x.x";
  const windows = { os: "windows-2022", components: ["aws:update-windows"] };
  const elsewhere = imageBuilder.replace("eu-west-1", "us-east-1");

  expect(define({ imageBuilder }, {}, windows)).toEqual({ imageBuilder });
  expect(faultsOf({ imageBuilder: elsewhere }, {}, windows)).toEqual([
    `images.base.parent.imageBuilder: expected an image in the build region eu-west-1, found "${elsewhere}"`,
  ]);
  expect(faultsOf({ imageBuilder }, {}, { ...windows, os: "windows-2025" })).toEqual([
    `images.base.parent.imageBuilder: expected a parent of os "windows-2025", found one of windows-2022: "${imageBuilder}"`,
  ]);
  const core = imageBuilder.replace("-full-", "-core-");
  expect(define({ imageBuilder: core }, {}, { ...windows, os: "windows-2022-core" })).toEqual({ imageBuilder: core });
  expect(faultsOf({ imageBuilder }, {}, { ...windows, os: "windows-2022-core" })).toEqual([
    expect.stringContaining('expected a parent of os "windows-2022-core", found one of windows-2022'),
  ]);
  expect(faultsOf({ imageBuilder }, {}, { ...windows, triggers: { base: true } })).toEqual([
    expect.stringContaining("images.base.triggers.base: requires a parent { ssm:"),
  ]);
  const { images } = configOf({ parent: { imageBuilder }, ...windows });
  const child = { ...images.base, parent: { image: "base", channel: "stable" } };
  expect(faultsOf({ imageBuilder }, { images: { ...images, child } }, windows)).toEqual([
    `images.child.parent.image: expected an image that starts from { ssm } or { ami }, found one that starts from an image that AWS manages, "${imageBuilder}"`,
  ]);
  expect(
    faultsOf({ imageBuilder: imageBuilder.replace(":aws:image/", ":444455556666:image/") }, {}, windows)[0],
  ).toContain("the ARN of an image that AWS manages");
});

test("an image with the name of the parameters' folder is refused", () => {
  const { images } = configOf({ parent: { ami: { owner: "self", name: "debian-12-*" } } });
  const fault = "images.parents: expected another name, because the parameters of parents by owner and name use it";

  expect(faultsOf({}, { images: { ...images, parents: images.base } })).toEqual([fault]);
});
