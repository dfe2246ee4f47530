import type { Language } from './terms.ts';

/** How a sentence names a city: `{place}`, `{in}` (at its start `{In}`), and `{of}`, the genitive of uk and ru. */
export interface CityForms {
  place: string;
  in: string;
  of: string;
}

const english = (name: string): CityForms => ({ place: name, in: `in ${name}`, of: name });

const forms = (en: string, uk: string, ru: string): Record<Language, CityForms> => {
  const slavic = (text: string): CityForms => {
    const [place = '', within = '', of = ''] = text.split(' / ');
    return { place, in: within, of };
  };
  return { en: english(en), uk: slavic(uk), ru: slavic(ru) };
};

export const CITIES = {
  kyiv: forms('Kyiv', 'Київ / у Києві / Києва', 'Киев / в Киеве / Киева'),
  lviv: forms('Lviv', 'Львів / у Львові / Львова', 'Львов / во Львове / Львова'),
  odesa: forms('Odesa', 'Одеса / в Одесі / Одеси', 'Одесса / в Одессе / Одессы'),
  kharkiv: forms('Kharkiv', 'Харків / у Харкові / Харкова', 'Харьков / в Харькове / Харькова'),
  dnipro: forms('Dnipro', 'Дніпро / у Дніпрі / Дніпра', 'Днепр / в Днепре / Днепра'),
  poltava: forms('Poltava', 'Полтава / у Полтаві / Полтави', 'Полтава / в Полтаве / Полтавы'),
  vinnytsia: forms('Vinnytsia', 'Вінниця / у Вінниці / Вінниці', 'Винница / в Виннице / Винницы'),
  cherkasy: forms('Cherkasy', 'Черкаси / у Черкасах / Черкас', 'Черкассы / в Черкассах / Черкасс'),
  chernivtsi: forms('Chernivtsi', 'Чернівці / у Чернівцях / Чернівців', 'Черновцы / в Черновцах / Черновцов'),
  chernihiv: forms('Chernihiv', 'Чернігів / у Чернігові / Чернігова', 'Чернигов / в Чернигове / Чернигова'),
  ternopil: forms('Ternopil', 'Тернопіль / у Тернополі / Тернополя', 'Тернополь / в Тернополе / Тернополя'),
  zhytomyr: forms('Zhytomyr', 'Житомир / у Житомирі / Житомира', 'Житомир / в Житомире / Житомира'),
  lutsk: forms('Lutsk', 'Луцьк / у Луцьку / Луцька', 'Луцк / в Луцке / Луцка'),
  mykolaiv: forms('Mykolaiv', 'Миколаїв / у Миколаєві / Миколаєва', 'Николаев / в Николаеве / Николаева'),
  zaporizhzhia: forms(
    'Zaporizhzhia',
    'Запоріжжя / у Запоріжжі / Запоріжжя',
    'Запорожье / в Запорожье / Запорожья',
  ),
} as const satisfies Record<string, Record<Language, CityForms>>;

export type City = keyof typeof CITIES;
