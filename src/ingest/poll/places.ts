export interface PlacesOptions {
  /** How many polls run at the same time. */
  concurrency?: number;
  /** How many more may run that have taken longer than `slowMs`. */
  stragglers?: number;
  slowMs?: number;
}

/**
 * The places for polls. One that takes long gives its place to the next one and goes on as a
 * straggler, so that servers which never answer keep nobody waiting; when there are too many stragglers, they stay in
 * their places.
 */
export interface Places {
  isFree(): boolean;
  /** @returns gives the place back; to be called once. */
  take(): () => void;
}

/** @param freed called when a straggler has left its place. */
export function createPlaces(
  { concurrency = 16, stragglers: mostStragglers = 48, slowMs = 2000 }: PlacesOptions,
  freed: () => void,
): Places {
  let running = 0;
  let stragglers = 0;

  return {
    isFree: () => running - Math.min(stragglers, mostStragglers) < concurrency,
    take() {
      let straggles = false;
      running += 1;
      const timer = setTimeout(() => {
        straggles = true;
        stragglers += 1;
        freed();
      }, slowMs);
      return () => {
        clearTimeout(timer);
        running -= 1;
        if (straggles) stragglers -= 1;
      };
    },
  };
}
