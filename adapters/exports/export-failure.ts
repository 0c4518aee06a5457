/** What an export cannot be made of, or AWS refused for good: trying again is people's decision after a few times. */
export class ExportFailure extends Error {
  override readonly name = "ExportFailure";
}
