import type { Factory } from "./factory-schema.ts";

/** VM Import/Export user guide, "Considerations for image export": no volumes larger than 1 TiB. */
const LARGEST_GIB = 1024;

/** Exports that EC2 would refuse after every promotion. */
export const checkExports = (factory: Factory): string[] =>
  Object.entries(factory.images).flatMap(([name, image]) => {
    const exporting = image.channels.flatMap((channel, at) => (channel.exports ? [{ channel, at }] : []));
    const [first] = exporting;
    if (!first) return [];
    const at = `images.${name}.channels[${first.at}].exports`;
    if (image.kind === "container") {
      return [`${at}: EC2 exports AMIs, not container images: leave it out, or choose kind "ami"`];
    }
    const marketplace = marketplaceOf(factory, name);
    return [
      ...exporting.flatMap((one) => repeated(`images.${name}.channels[${one.at}]`, one.channel.exports?.formats ?? [])),
      ...((image.volumeGiB ?? 0) > LARGEST_GIB
        ? [
            `${at}: EC2 exports no volume above ${LARGEST_GIB} GiB: expected images.${name}.volumeGiB up to that, or no exports, found ${image.volumeGiB}`,
          ]
        : []),
      ...(marketplace
        ? [
            `${at}: EC2 exports nothing that comes from the AWS Marketplace: expected another parent than ${marketplace}, or no exports`,
          ]
        : []),
    ];
  });

const repeated = (channel: string, formats: readonly string[]): string[] =>
  formats.flatMap((format, at) =>
    formats.indexOf(format) < at ? [`${channel}.exports.formats[${at}]: "${format}" twice`] : [],
  );

/** The parameter of the Marketplace that an image or one of its ancestors starts from. */
function marketplaceOf({ images }: Factory, name: string): string | undefined {
  const seen = new Set<string>();
  for (let at: string | undefined = name; at !== undefined && !seen.has(at); ) {
    seen.add(at);
    const parent: Factory["images"][string]["parent"] | undefined = images[at]?.parent;
    if (parent && "ssm" in parent) return parent.ssm.startsWith("/aws/service/marketplace/") ? parent.ssm : undefined;
    at = parent && "image" in parent ? parent.image : undefined;
  }
  return undefined;
}
