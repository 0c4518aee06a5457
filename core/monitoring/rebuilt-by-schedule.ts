import type { Factory } from "../factory/factory-schema.ts";

/** Whether a schedule rebuilds an image: its own, or that of the parent whose promotions it follows. */
export function isRebuiltBySchedule(images: Factory["images"], name: string): boolean {
  const image = images[name];
  if (!image) return false;
  if (image.triggers.schedule) return true;
  return image.triggers.parent && "image" in image.parent && isRebuiltBySchedule(images, image.parent.image);
}
