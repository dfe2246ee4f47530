import type { Store } from './store.ts';

/** The same store; each failed call is told by the name of the method. */
export function observed(store: Store, failed: (op: string) => void): Store {
  const watch =
    <A extends unknown[], R>(op: keyof Store, call: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      call(...args).catch((error: unknown) => {
        failed(op);
        throw error;
      });
  return {
    append: watch('append', store.append),
    head: watch('head', store.head),
    read: watch('read', store.read),
    story: watch('story', store.story),
    follow: watch('follow', store.follow),
    source: watch('source', store.source),
    sources: watch('sources', store.sources),
    saveSource: watch('saveSource', store.saveSource),
    addViews: watch('addViews', store.addViews),
    views: watch('views', store.views),
    retain: watch('retain', store.retain),
    close: store.close,
  };
}
