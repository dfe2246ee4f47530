import type { TopicId } from '../core/topic.ts';

/** Languages that the sample newsrooms write in. */
export type Language = 'uk' | 'en' | 'ru';

export type Words = Readonly<Record<Language, string>>;

const words = (en: string, uk: string, ru: string): Words => ({ en, uk, ru });

/** The sections of the newsrooms; every event belongs to one. */
export const SECTIONS = {
  'war-in-ukraine': words('War in Ukraine', 'Війна в Україні', 'Война в Украине'),
  politics: words('Politics', 'Політика', 'Политика'),
  economy: words('Economy', 'Економіка', 'Экономика'),
  sport: words('Sport', 'Спорт', 'Спорт'),
  arts: words('Culture', 'Культура', 'Культура'),
  society: words('Society', 'Суспільство', 'Общество'),
  health: words('Health', 'Здоров’я', 'Здоровье'),
  technology: words('Technology', 'Технології', 'Технологии'),
} as const satisfies Record<TopicId, Words>;

export type Section = keyof typeof SECTIONS;

/** What else a story can be about. People and most organisations are invented. */
export const SUBJECTS: Readonly<Record<TopicId, Words>> = {
  'prisoner-exchange': words('Prisoner exchange', 'Обмін полоненими', 'Обмен пленными'),
  'peace-talks': words('Peace talks', 'Мирні переговори', 'Мирные переговоры'),
  energy: words('Energy', 'Енергетика', 'Энергетика'),
  agriculture: words('Agriculture', 'Сільське господарство', 'Сельское хозяйство'),
  education: words('Education', 'Освіта', 'Образование'),
  transport: words('Transport', 'Транспорт', 'Транспорт'),
  football: words('Football', 'Футбол', 'Футбол'),
  weather: words('Weather', 'Погода', 'Погода'),
  parliament: words('Parliament', 'Парламент', 'Парламент'),
  inflation: words('Inflation', 'Інфляція', 'Инфляция'),
  'renewable-energy': words('Renewable energy', 'Відновлювана енергетика', 'Возобновляемая энергетика'),
  film: words('Cinema', 'Кіно', 'Кино'),
  music: words('Music', 'Музика', 'Музыка'),
  literature: words('Literature', 'Література', 'Литература'),
  theatre: words('Theatre', 'Театр', 'Театр'),
  animals: words('Animals', 'Тварини', 'Животные'),
  'mental-health': words('Mental health', 'Психічне здоров’я', 'Психическое здоровье'),
  cybercrime: words('Cybercrime', 'Кіберзлочинність', 'Киберпреступность'),

  'person:orysia-talan': words('Orysia Talan', 'Орися Талан', 'Орыся Талан'),
  'person:markian-dovhal': words('Markian Dovhal', 'Маркіян Довгаль', 'Маркиян Довгаль'),
  'person:nazarii-kremin': words('Nazarii Kremin', 'Назарій Кремінь', 'Назарий Креминь'),
  'person:ustyna-verbova': words('Ustyna Verbova', 'Устина Вербова', 'Устина Вербова'),
  'person:daryna-sokyrko': words('Daryna Sokyrko', 'Дарина Сокирко', 'Дарина Сокирко'),
  'person:hordii-tysovets': words('Hordii Tysovets', 'Гордій Тисовець', 'Гордей Тисовец'),
  'person:ostap-lelechenko': words('Ostap Lelechenko', 'Остап Лелеченко', 'Остап Лелеченко'),
  'person:kvitka-zaruba': words('Kvitka Zaruba', 'Квітка Заруба', 'Квитка Заруба'),
  'person:zenovii-krutohora': words('Zenovii Krutohora', 'Зеновій Крутогора', 'Зеновий Крутогора'),
  'person:lukian-bandurko': words('Lukian Bandurko', 'Лук’ян Бандурко', 'Лукьян Бандурко'),
  'person:solomiia-haidash': words('Solomiia Haidash', 'Соломія Гайдаш', 'Соломия Гайдаш'),
  'person:melaniia-obolonets': words('Melaniia Obolonets', 'Меланія Оболонець', 'Мелания Оболонец'),

  'org:national-security-and-defense-council-of-ukraine': words(
    'National Security and Defense Council of Ukraine',
    'Рада національної безпеки і оборони України',
    'Совет национальной безопасности и обороны Украины',
  ),
  'org:office-for-returns': words('Office for Returns', 'Бюро повернення', 'Бюро возвращения'),
  'org:svitlomerezha': words('Svitlomerezha', 'Світломережа', 'Свитломережа'),
  'org:zernoshliakh': words('Zernoshliakh', 'Зерношлях', 'Зерношлях'),
  'org:fc-stepovyk': words('FC Stepovyk', 'ФК «Степовик»', 'ФК «Степовик»'),
  'org:fc-kobzar': words('FC Kobzar', 'ФК «Кобзар»', 'ФК «Кобзарь»'),
  'org:museum-of-the-rapids': words('Museum of the Rapids', 'Музей порогів', 'Музей порогов'),

  'place:ukraine': words('Ukraine', 'Україна', 'Украина'),
  'place:kyiv': words('Kyiv', 'Київ', 'Киев'),
  'place:lviv': words('Lviv', 'Львів', 'Львов'),
  'place:odesa': words('Odesa', 'Одеса', 'Одесса'),
  'place:kharkiv': words('Kharkiv', 'Харків', 'Харьков'),
  'place:dnipro': words('Dnipro', 'Дніпро', 'Днепр'),
  'place:poltava': words('Poltava', 'Полтава', 'Полтава'),
  'place:vinnytsia': words('Vinnytsia', 'Вінниця', 'Винница'),
  'place:cherkasy': words('Cherkasy', 'Черкаси', 'Черкассы'),
  'place:chernivtsi': words('Chernivtsi', 'Чернівці', 'Черновцы'),
  'place:chernihiv': words('Chernihiv', 'Чернігів', 'Чернигов'),
  'place:ternopil': words('Ternopil', 'Тернопіль', 'Тернополь'),
  'place:zhytomyr': words('Zhytomyr', 'Житомир', 'Житомир'),
  'place:lutsk': words('Lutsk', 'Луцьк', 'Луцк'),
  'place:mykolaiv': words('Mykolaiv', 'Миколаїв', 'Николаев'),
  'place:zaporizhzhia': words('Zaporizhzhia', 'Запоріжжя', 'Запорожье'),
};

/** Sections that say how a story is to be taken rather than what it is about; no topics. */
export const MARKS = {
  breaking: words('Breaking', 'Терміново', 'Срочно'),
  exclusive: words('Exclusive', 'Ексклюзив', 'Эксклюзив'),
} as const satisfies Record<string, Words>;

export type Mark = keyof typeof MARKS;
