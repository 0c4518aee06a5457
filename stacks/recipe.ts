import { levelOf } from "../core/cis.ts";
import { addedDocuments, INSPECTOR_DOCUMENT, OPENSCAP_DOCUMENT } from "../core/factory/added-documents.ts";
import { AL2023_UPDATE } from "../core/factory/al2023-update.ts";
import type { Image } from "../core/factory/image-schema.ts";
import { channelParameter, pipelineName } from "../core/names.ts";
import factory from "../factory.config.ts";
import { component } from "./components.ts";
import { contentVersion } from "./content-version.ts";
import { logicalName, tags } from "./deployment.ts";
import { evidence } from "./evidence.ts";
import { keyArn } from "./keys.ts";

/** The device that each system's AMIs boot from. */
const rootDevice: Readonly<Record<Image["os"], string>> = {
  al2023: "/dev/xvda",
  al2: "/dev/xvda",
  "ubuntu-2204": "/dev/sda1",
  "ubuntu-2404": "/dev/sda1",
};

/**
 * What an image is made of. Its version follows from everything that it says, the components' versions included; a
 * replaced version is deleted like a component's.
 */
export function recipe(name: string, image: Image): aws.imagebuilder.ImageRecipe {
  const { afterBuild, afterTests } = addedDocuments(image);
  const order = [...image.components, ...afterBuild, ...image.tests, ...afterTests];
  const content = {
    name: pipelineName(factory.name, name),
    parentImage: `ssm:${parentParameter(image)}`,
    description: image.description ?? `${name} of the factory ${factory.name}`,
    workingDirectory: "/tmp",
    volume: { device: rootDevice[image.os], sizeGiB: image.volumeGiB },
    amiTags: { ...tags, "amint:image": name },
  };
  const uploads = (one: string) => [...afterBuild, ...afterTests].includes(one) && one !== INSPECTOR_DOCUMENT;
  const references = order.map((one) => [component(one).reference, settingsOf(one, image)]);
  const version = contentVersion({ ...content, components: references });
  const { volume, ...said } = content;
  return new aws.imagebuilder.ImageRecipe(`Recipe${logicalName(name)}`, {
    ...said,
    version,
    components: order.map((one) => {
      const settings = {
        ...(uploads(one) && { EvidenceBucket: evidence.bucket }),
        ...settingsOf(one, image),
      };
      const parameters = Object.entries(settings).map(([name, value]) => ({ name, value }));
      return { componentArn: component(one).arn, ...(parameters.length > 0 && { parameters }) };
    }),
    blockDeviceMappings: [
      {
        deviceName: volume.device,
        ebs: {
          volumeSize: volume.sizeGiB,
          volumeType: "gp3",
          encrypted: "true",
          kmsKeyId: keyArn(),
          deleteOnTermination: "true",
        },
      },
    ],
    systemsManagerAgent: { uninstallAfterBuild: false },
    tags,
  });
}

/** The parameters that follow from an image's config. */
function settingsOf(document: string, { gate: { cis }, triggers }: Image): Readonly<Record<string, string>> {
  if (document === AL2023_UPDATE) return { Release: triggers.packages?.release ?? "latest" };
  if (cis?.by === "inspector") {
    return document === INSPECTOR_DOCUMENT ? { Factory: factory.name, Level: levelOf(cis.level) } : {};
  }
  if (document !== OPENSCAP_DOCUMENT || !cis) return {};
  return { ContentUrl: cis.content.url, ContentSha256: cis.content.sha256, Profile: cis.profile };
}

/**
 * A child follows its parent's channel, never the parent's newest build: that one has not passed the gate. Image
 * Builder's role reads parameters below `/imagebuilder/` and `/aws/service/`.
 */
function parentParameter({ parent }: Image): string {
  if ("ssm" in parent) return parent.ssm;
  if ("image" in parent) return channelParameter(factory.name, parent.image, parent.channel);
  throw new Error(`An AMI is not made from the container image ${parent.container}.`);
}
