import { defineFactory } from "../../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../../core/factory/factory-schema.ts";

type Image = FactoryInput["images"][string];

const imageOn = (os: Image["os"], parent: Image["parent"], update: string, changes: Partial<Image> = {}): Image =>
  ({
    os,
    architecture: "x86_64",
    parent,
    components: [update],
    gate: { cve: { critical: 0, count: "fixable" } },
    channels: [{ name: "stable", share: { organizationalUnits: ["ou-owne-everyone1"] } }],
    ...changes,
  }) as Image;

const ami = (owner: string, name: string) => ({ ami: { owner, name } });
const redhat = ami("309956199498", "RHEL-9*_HVM-*-arm64-*-Hourly2-GP3");
const shared = { ssm: "arn:aws:ssm:eu-west-1:444400003333:parameter/imagebuilder/golden/debian-13" };
const windows = {
  imageBuilder: "arn:aws:imagebuilder:eu-west-1:aws:image/windows-server-2022-english-core-base-x86/x.x.x",
};
const [debian, linux] = ["amint:update-debian", "amint:update-enterprise-linux"] as const;

/** Parents by owner and name, one of them with a child; by parameters of the account and of another one; and AWS's own. */
export default defineFactory({
  name: "owners",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-ownersexample", managementAccountId: "222200003333", rootId: "r-owne" },
  consumers: { verify: ["333300003333"] },
  images: {
    base: imageOn("debian-12", ami("136693071363", "debian-12-amd64-*"), debian, { triggers: { base: true } }),
    web: imageOn("debian-12", { image: "base", channel: "stable" }, debian, { triggers: { parent: true } }),
    redhat: imageOn("rhel-9", redhat, linux, { architecture: "arm64", triggers: { base: true } }),
    golden: imageOn("alma-9", { ssm: "/imagebuilder/golden/alma-9" }, linux),
    shared: imageOn("debian-13", shared, debian),
    windows: imageOn("windows-2022", windows, "aws:update-windows"),
  },
});
