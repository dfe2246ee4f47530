const MONTHS = [
  /^(?:січн|янв|jan(?:uary)?$)/,
  /^(?:лют(?:ого|ий)$|фев|feb(?:ruary)?$)/,
  /^(?:берез(?:ня|ень)$|март|mar(?:ch)?$)/,
  /^(?:квіт(?:ня|ень)$|апрел|apr(?:il)?$)/,
  /^(?:трав(?:ня|ень)$|ма[яй]$|may$)/,
  /^(?:черв(?:ня|ень)$|июн|june?$)/,
  /^(?:лип(?:ня|ень)$|июл|july?$)/,
  /^(?:серп(?:ня|ень)$|август|aug(?:ust)?$)/,
  /^(?:верес(?:ня|ень)$|сентябр|sep(?:t|tember)?$)/,
  /^(?:жовт(?:ня|ень)$|октябр|oct(?:ober)?$)/,
  /^(?:листопад(?:а|і)?$|ноябр|nov(?:ember)?$)/,
  /^(?:груд(?:ня|ень)$|декабр|dec(?:ember)?$)/,
];

const WEEKDAYS = [
  /^(?:понеділ|понедельн|monday)/,
  /^(?:вівтор|вторник|tuesday)/,
  /^(?:серед[уиа]$|сред[уыа]$|wednesday)/,
  /^(?:четвер|thursday)/,
  /^(?:п'ятниц|пятниц|friday)/,
  /^(?:субот|суббот|saturday)/,
  /^(?:неділ[юія]$|воскресень|sunday)/,
];

/** 0 for Monday. */
export function weekdayOf(word: string): number | undefined {
  return placeOf(word, WEEKDAYS);
}

/** 0 for January. */
export function monthOf(word: string): number | undefined {
  return placeOf(word, MONTHS);
}

function placeOf(word: string, patterns: readonly RegExp[]): number | undefined {
  const at = patterns.findIndex((pattern) => pattern.test(word));
  return at < 0 ? undefined : at;
}
