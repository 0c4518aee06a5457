/** One of an image's channels. */
export interface ChannelOf {
  readonly image: string;
  readonly channel: string;
}
