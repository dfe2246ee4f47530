import type { Wordings } from './wording.ts';

/** Fiction: none of this happened, and the people do not exist. */
export const ENGLISH: Wordings = {
  'exchange-lists': {
    headline: 'Work on lists to bring home {n} people is under way - Talan',
    lede: 'The Office for Returns is checking lists that would bring home {n} people in the next exchange, its head Orysia Talan said in Kyiv.',
    body: [
      '“Every name is checked three times: with the family, with the unit and with the other side’s list,” Talan said. “A mistake of one letter can cost a person another month.”',
      'The seriously wounded and those held longest come first. The Office asked families not to publish personal details of the missing on social networks.',
    ],
    later: {
      headline: 'Lists for {n} people agreed, day of exchange not named - Talan',
      lede: 'The lists are final, Orysia Talan said, and the day of the exchange will be announced only when the buses are across.',
    },
  },
  'exchange-return': {
    headline: '{n} people return home in exchange, {m} of them civilians',
    lede: 'Another exchange has brought home {n} people, {m} of them civilians held for more than a year, the Office for Returns reported.',
    body: [
      'Doctors met the buses, and volunteers stood by with telephones so that everyone could call home in the first minutes. The youngest of those returned is 21.',
      '“An exchange is not over when the bus stops. It is over when a person sleeps through the night,” said the head of the Office, Orysia Talan.',
    ],
    later: {
      headline: 'All {n} people returned in exchange examined by doctors',
      lede: 'Everyone who came back in the exchange has been examined, and most will be home within two weeks, the Office for Returns said.',
    },
  },
  'talks-round': {
    headline: 'Peace talks: delegations agree on agenda of {n} points after {m} hours',
    lede: 'Another round of peace talks has ended with an agreed agenda of {n} points, chief negotiator Markian Dovhal told reporters after {m} hours behind closed doors.',
    body: [
      'The exchange of prisoners and the return of children stand first on the list, Dovhal said. Security guarantees have been left to a separate group of lawyers.',
      '“An agenda is not an agreement. But a month ago we could not agree on the order of the chairs,” he added. The next round is expected within a fortnight.',
    ],
    later: {
      headline: 'Next round of peace talks to begin with exchange of prisoners - Dovhal',
      lede: 'The first of the {n} points, the exchange of prisoners, will be taken up as soon as the delegations meet again, Markian Dovhal said.',
    },
  },
  'shelters-plan': {
    headline: 'Security council approves plan for {n} new shelters',
    lede: 'The National Security and Defense Council of Ukraine has approved a plan to build {n} shelters next to hospitals and schools in {m} communities.',
    body: [
      'Each must be reachable on foot in five minutes and have its own water, power and room for wheelchairs. Communities may choose among four tested designs.',
      'The first sites are to be handed over before the heating season. A public map will show the state of every one of them, down to the last bag of cement.',
    ],
    later: {
      headline: 'Map of {n} planned shelters opens to the public',
      lede: 'Residents can now see where each of the {n} shelters will stand, and report a building site on which nobody works.',
    },
  },
  'fields-cleared': {
    headline: '{n} hectares of fields near {place} cleared of mines',
    lede: 'Sappers have handed {n} hectares of farmland near {place} back to its owners after four months of work.',
    body: [
      'The teams used two machines and nine dogs, and then checked every square metre by hand. Most of what they found lay along field roads and at the edges of woods.',
      '“I will sow it all with sunflowers, so that it can be seen from the road that people live here,” said farmer Vasyl Horobchyk, who had waited for three seasons.',
    ],
    later: {
      headline: 'Sowing begins on cleared fields near {place}',
      lede: 'The first tractors went out on the {n} cleared hectares near {place} a few hours after the papers were signed.',
    },
  },
  'underground-school': {
    headline: 'Underground school for {n} pupils opens {in}',
    lede: 'A school nine metres below ground has opened {in}; {n} children will study there in two shifts, the city council said.',
    body: [
      'It has {m} classrooms, a small gym and a library whose painted windows show the four seasons. Lessons do not stop during an alert.',
      '“The children asked for one thing only: a real bell,” said headteacher Halyna Murashko. It was brought over from the old building.',
    ],
    later: {
      headline: 'First day in underground school {in} passes without a missed lesson',
      lede: 'Two alerts sounded over the city, and none of the {n} pupils of the underground school missed a lesson, the city council said.',
    },
  },
  'quiet-alert': {
    headline: 'Air-raid alert {in} lasts {n} minutes, no damage reported',
    lede: 'An air-raid alert was in force {in} for {n} minutes; nobody was hurt and nothing was damaged, the duty service said.',
    body: [
      'Buses stopped beside shelters, and {m} museums, libraries and cafés let passers-by into their basements.',
      'The duty service recalled that the all-clear comes by siren and in the app, and that a message from a neighbour is not enough.',
    ],
    later: {
      headline: 'Transport {in} back on schedule after alert',
      lede: 'Buses and trolleybuses {in} returned to their timetable half an hour after an alert of {n} minutes.',
    },
  },
  'veterans-centre': {
    headline: 'Veterans’ centre {in} takes in its first {n} guests',
    lede: 'A centre where veterans can rest and learn a trade has opened {in} and taken in its first {n} guests.',
    body: [
      'It has {m} workshops, from carpentry to the repair of drones, a therapist on every shift and a kitchen in which the guests cook for themselves.',
      '“Nobody here is asked what he did there. We ask what you would like to do tomorrow,” said coordinator Tamara Liutenko. Half of the staff are veterans.',
    ],
    later: {
      headline: 'Veterans’ centre {in} promised a second building',
      lede: 'With {n} guests in and a waiting list for twice as many, the city has promised the veterans’ centre a second building.',
    },
  },

  'frontline-budget': {
    headline: 'Parliament backs extra budget for {n} communities near the front',
    lede: 'Lawmakers voted to send additional money to {n} communities that have taken in displaced families, committee chair Nazarii Kremin said.',
    body: [
      'It may be spent on housing, water and school buses only, and each payment must appear in the open register within ten days.',
      'A proposal to include rents did not pass. “We will come back to it in autumn, when we know what the winter costs,” Kremin said.',
    ],
    later: {
      headline: 'Transfers to {n} communities to begin within a week - Kremin',
      lede: 'The treasury will make the first of the {n} transfers within a week of the law’s publication, Nazarii Kremin said.',
    },
  },
  'permits-cut': {
    headline: 'Committee proposes to abolish {n} building permits',
    lede: 'A parliamentary committee has proposed to drop {n} permits that a small builder must now collect before repairing a house.',
    body: [
      'Rules on load-bearing walls, fire safety and monuments would stay. “A roof should be repaired before the rain, not after the stamp,” said committee chair Nazarii Kremin.',
      'Architects asked that the list be discussed in public, and hearings are to begin next week.',
    ],
    later: {
      headline: 'Hearings on {n} building permits end without a quarrel',
      lede: 'Architects and builders agreed that most of the {n} permits can go, and asked to keep two that protect old town centres.',
    },
  },
  'return-offices': {
    headline: 'Offices in {n} cities abroad to help Ukrainians who want to return',
    lede: 'The government will open offices in {n} cities abroad to help those who are thinking of coming home with papers, schools and work.',
    body: [
      'Each will have a lawyer, a teacher and someone who has already moved back. Economy minister Ustyna Verbova called the last of the three “the one whom people will believe”.',
      'A telephone line will answer at night, when, the ministry found, most people make up their minds.',
    ],
    later: {
      headline: 'More than half of {n} return offices already have premises - Verbova',
      lede: 'Premises have been found for more than half of the {n} offices, Ustyna Verbova said after the cabinet met.',
    },
  },
  'contracts-list': {
    headline: 'Auditors question {n} contracts signed without tender',
    lede: 'Auditors have published a list of {n} contracts that public offices signed without tender last year and asked for an explanation of each.',
    body: [
      'Most are small: furniture, printing, the hire of a stage. The largest, for the repair of a road, has already been cancelled.',
      '“A list is not an accusation,” the auditors said. “But an answer is due in fifteen days, and it will be published too.”',
    ],
    later: {
      headline: 'First answers arrive on {n} contracts without tender',
      lede: 'A third of the offices have explained why they signed without tender; auditors accepted about half of the explanations.',
    },
  },
  'laws-aligned': {
    headline: 'Parliament aligns {n} laws with EU rules this season',
    lede: 'Lawmakers have aligned {n} laws with the rules of the European Union since the season began, the integration office reported.',
    body: [
      'The slowest chapter is the environment, the quickest customs, where {m}% of the rules are in force.',
      '“It is not enough to translate a rule. Somebody in a village council has to understand it,” Nazarii Kremin warned his colleagues.',
    ],
    later: {
      headline: 'Integration office explains {n} aligned laws in plain language',
      lede: 'Every one of the {n} laws now comes with a page that says, without a single paragraph sign, what it changes and for whom.',
    },
  },
  'village-borders': {
    headline: '{n} villages near {place} ask to redraw community borders',
    lede: 'Residents of {n} villages near {place} want to join the neighbouring community, because its school and clinic are closer.',
    body: [
      'The meetings voted almost unanimously. Only the village in which the council has its office asked to leave everything as it is.',
      'The request goes to the region and then to the government; by law there must be an answer in two months.',
    ],
    later: {
      headline: 'Region supports request of {n} villages near {place}',
      lede: 'The region supported the request of {n} villages and asked for a common school bus before any border is moved.',
    },
  },
  'rights-line': {
    headline: 'Ombudsman’s line takes {n} calls in a week, most about pensions',
    lede: 'The free line of the ombudsman’s office took {n} calls in a week; more than half were about pensions and lost papers.',
    body: [
      'The average call lasts twelve minutes. Many callers first ask whether they are speaking to a person, the operators say.',
      'From next month the line will also answer in sign language, by video: {m} operators are being trained.',
    ],
    later: {
      headline: 'Ombudsman’s line adds an evening shift',
      lede: 'After {n} calls in a week the ombudsman’s line will stay open until midnight, because people look for papers in the evening.',
    },
  },
  'night-train-petition': {
    headline: 'Petition for night trains gathers {n} signatures',
    lede: 'A petition to bring back night trains between the regional centres has gathered {n} signatures, enough for the government to answer it.',
    body: [
      'Its author, a student from {place}, wrote it at a bus station at three in the morning. “I had the time,” she explained.',
      'The railway says that carriages can be found for four routes; the rest depends on the repair of tracks.',
    ],
    later: {
      headline: 'Railway to study night routes after {n} people ask for them',
      lede: 'Within a month the railway will say which night routes can run again, the transport ministry answered the authors of the petition.',
    },
  },

  'key-rate': {
    headline: 'Central bank keeps key rate at {m}%',
    lede: 'The central bank kept its key rate at {m}%, as {n} of 40 analysts had expected, and said that the next step may be down.',
    body: [
      '“Prices are calming, but expectations are stubborn: people remember what potatoes cost last winter,” said Daryna Sokyrko, who heads the bank’s research.',
      'The hryvnia hardly moved after the announcement. The minutes of the meeting will be published in ten days.',
    ],
    later: {
      headline: 'Central bank may cut key rate in autumn - Sokyrko',
      lede: 'The rate of {m}% may be cut as early as autumn if the harvest is good, Daryna Sokyrko said after the meeting.',
    },
    again: {
      headline: 'Key rate stays at {m}% as central bank waits for the harvest',
      lede: 'The central bank left its key rate at {m}%, in line with the forecast of {n} analysts out of 40, and hinted at a cut in autumn.',
    },
  },
  'river-grain': {
    headline: 'Grain exports by river grow to {n} thousand tonnes a month',
    lede: 'River ports shipped {n} thousand tonnes of grain in a month, {m}% more than a year ago, the carrier Zernoshliakh reported.',
    body: [
      'Wheat leads, followed by maize and, for the first time, peas. A barge now waits two days for loading instead of six.',
      '“The river was always here. We merely began to dredge it,” said the company’s director Arsen Lototskyi. Five more barges are on order.',
    ],
    later: {
      headline: 'Zernoshliakh raises forecast after record month on the river',
      lede: 'After a month of {n} thousand tonnes Zernoshliakh expects to ship a tenth more grain this season than it had planned.',
    },
    again: {
      headline: 'River grain shipments reach {n} thousand tonnes as Zernoshliakh cuts waiting time',
      lede: 'Zernoshliakh shipped {n} thousand tonnes of grain by river last month, up {m}% on the year, having cut the wait at the berth to two days.',
    },
  },
  'grid-batteries': {
    headline: '{n} megawatts of batteries connected to the grid near {place}',
    lede: 'Grid operator Svitlomerezha has connected {n} megawatts of batteries near {place}, enough to carry the city’s hospitals and water supply for a night.',
    body: [
      'The batteries charge at noon, when the sun gives more than the city needs, and give it back at the evening peak.',
      '“Nobody will notice them, and that is the point,” said Hordii Tysovets, head of Svitlomerezha. Two more sites will follow before winter.',
    ],
    later: {
      headline: 'Batteries near {place} pass their first evening peak',
      lede: 'The new {n} megawatts of batteries near {place} carried the evening peak without a failure, Svitlomerezha said.',
    },
    again: {
      headline: 'Svitlomerezha adds {n} megawatts of batteries near {place}',
      lede: 'Batteries of {n} megawatts have been connected near {place}; grid operator Svitlomerezha says they will shave the evening peak and keep hospitals lit.',
    },
  },
  'prices-slow': {
    headline: 'Inflation slows to {m}%, eggs and sugar get cheaper',
    lede: 'Annual inflation slowed to {m}%, the statistics office said; over the month prices fell for {n} of the 330 goods it follows.',
    body: [
      'Eggs, sugar and sunflower oil became cheaper; rents, haircuts and the repair of shoes went up.',
      'Daryna Sokyrko of the central bank called the figures “good, but seasonal”. The next release is due in a month.',
    ],
    later: {
      headline: 'Economists see inflation below {m}% by the end of the year',
      lede: 'Economists lowered their forecasts after the new figures: most now expect the rise in prices to go on slowing until winter.',
    },
    again: {
      headline: 'Consumer prices: inflation slows to {m}% on eggs and sugar',
      lede: 'Inflation slowed to {m}% from a year earlier as eggs and sugar got cheaper; of the 330 goods in the basket {n} fell in price.',
    },
  },
  'small-loans': {
    headline: 'Banks lend to {n} small firms in a month',
    lede: 'Banks issued preferential loans to {n} small firms in a month, bakeries and repair shops above all, the economy ministry said.',
    body: [
      'The average loan is the price of a used van, minister Ustyna Verbova noted; {m}% of the borrowers are women.',
      'Every fourth firm was founded by people who had to move from another region. Overdue payments remain rare.',
    ],
    later: {
      headline: 'Loans for small firms extended until winter - Verbova',
      lede: 'The programme from which {n} small firms borrowed last month will run until the first day of winter, Ustyna Verbova said.',
    },
    again: {
      headline: 'Preferential loans reach {n} small firms, {m}% of them led by women',
      lede: 'Bakeries and repair shops lead among the {n} small firms that took preferential loans in a month, according to the economy ministry.',
    },
  },
  'port-berth': {
    headline: 'Port of {place} reopens berth of {n} metres after repair',
    lede: 'A berth of {n} metres has reopened in the port of {place} after eleven months of repair, the port authority said.',
    body: [
      'It can take containers and grain at the same time. First to moor was a bulk carrier with a crew of fifteen and a cat, which has a crew card of its own.',
      'The work was paid for with a loan that the port will return from its fees. Divers checked the bottom twice.',
    ],
    later: {
      headline: 'First container ship moors at repaired berth {in}',
      lede: 'A container ship has moored at the repaired berth of {n} metres {in}, a day earlier than the port had planned.',
    },
    again: {
      headline: '{place}: repaired berth of {n} metres back in service',
      lede: 'The port of {place} has put a repaired berth of {n} metres back into service and will handle containers and grain there side by side.',
    },
  },
  'sleeping-cars': {
    headline: 'Railway orders {n} sleeping cars, its first in nine years',
    lede: 'The railway has ordered {n} sleeping cars with wide doors and places for wheelchairs, the first such order in nine years.',
    body: [
      'They will be built in Ukraine, and every third supplier is a small firm. The first car is to be tested in a year.',
      'Passengers chose the colour in a vote: dark blue beat green by {m} percentage points.',
    ],
    later: {
      headline: 'Carriage works hire welders after order for {n} sleeping cars',
      lede: 'The works that will build the {n} sleeping cars are looking for welders and upholsterers, and offer to teach both trades.',
    },
    again: {
      headline: '{n} sleeping cars on order: the railway’s biggest purchase in nine years',
      lede: 'The railway has ordered {n} sleeping cars with step-free doors from domestic builders, nine years after it last bought any.',
    },
  },
  'solar-schools': {
    headline: '{n} schools {in} get solar panels',
    lede: 'Solar panels have been put on the roofs of {n} schools {in}; in summer they will sell power to the grid, the city council said.',
    body: [
      'The money will buy meals and laboratory equipment. A screen in each lobby shows what the roof has given since morning.',
      '“The pupils now argue about clouds,” said physics teacher Petro Dzvinka. The panels should pay for themselves in {m} years.',
    ],
    later: {
      headline: 'Solar roofs of schools {in} earn their first money',
      lede: 'The panels on {n} schools {in} have earned their first money, and the pupils voted to spend it on a telescope.',
    },
    again: {
      headline: 'School roofs {in} turn into power plants: {n} buildings get solar panels',
      lede: 'The city council has fitted {n} schools {in} with solar panels that will sell power in summer and should pay for themselves in {m} years.',
    },
  },

  derby: {
    headline: 'Stepovyk beat Kobzar 3-1 before {n} spectators',
    lede: 'FC Stepovyk beat FC Kobzar 3-1 before {n} spectators; the decisive goal came in minute {m}.',
    body: [
      'Kobzar led at half-time, but then Stepovyk changed three players and their whole manner. The last goal was scored by a teenager four minutes after he had come on.',
      '“I told them to play as if it were raining. Then it rained,” said Stepovyk’s coach Ostap Lelechenko. The return match is in a month.',
    ],
    later: {
      headline: 'Stepovyk go top after 3-1 win over Kobzar',
      lede: 'The win before {n} spectators took FC Stepovyk to the top of the table, a point ahead of their old rivals.',
    },
    again: {
      headline: 'Rain and three substitutes: Stepovyk come back to beat Kobzar 3-1',
      lede: 'Stepovyk came from behind to beat Kobzar 3-1 before {n} spectators, turning the match with a goal in minute {m}.',
    },
  },
  marathon: {
    headline: 'Zaruba wins marathon {in}, {n} runners finish',
    lede: 'Kvitka Zaruba won the women’s race of the marathon {in}, where {n} runners crossed the finish line.',
    body: [
      'She ran the second half faster than the first, and apologised to a dog that she had frightened at kilometre 38. There were {m} water points along the course.',
      'A third of the runners carried on their backs the name of someone who could not come. The fees go to a rehabilitation clinic.',
    ],
    later: {
      headline: 'Zaruba’s time at marathon {in} is a course record',
      lede: 'The judges confirmed that Kvitka Zaruba set a course record; all {n} runners who finished are in the protocol.',
    },
    again: {
      headline: 'Fast second half wins Zaruba the marathon {in}',
      lede: 'Kvitka Zaruba outran everyone over the second half of the marathon {in}; {n} runners made it to the finish line.',
    },
  },
  'coach-stays': {
    headline: 'Coach Lelechenko stays with Stepovyk after {n} matches',
    lede: 'Ostap Lelechenko, who has led FC Stepovyk in {n} matches, has extended his contract by two years, the club said.',
    body: [
      'Under him the club rose from the second league and moved its training to six in the evening, so that parents could watch.',
      '“I was offered more elsewhere. But here the groundskeeper knows my dog,” the coach said. The terms were not disclosed.',
    ],
    later: {
      headline: 'Lelechenko brings two assistants to Stepovyk',
      lede: 'With the new contract two assistants come to FC Stepovyk, both of whom the coach had trained when they were boys.',
    },
    again: {
      headline: 'Two more years: coach Lelechenko signs again at Stepovyk',
      lede: 'FC Stepovyk have kept coach Ostap Lelechenko for two more years; he has led the club in {n} matches.',
    },
  },
  'junior-fencers': {
    headline: 'Junior fencers bring home {n} medals',
    lede: 'The junior fencing team has won {n} medals at a tournament in Riga, its best result in a decade.',
    body: [
      'Four of the team train in a school basement {in} whose ceiling is so low that high parries had to be unlearned.',
      '“It turns out to be an advantage,” said coach Inha Morozenko. After a week at home the team leaves for the mountains.',
    ],
    later: {
      headline: 'Fencers’ school {in} to get a hall with a proper ceiling',
      lede: 'After the {n} medals the city promised the fencers of the school {in} a hall in which one can raise an arm.',
    },
    again: {
      headline: 'From a basement {in} to the podium: junior fencers win {n} medals',
      lede: 'Fencers who train under a low ceiling {in} helped the junior team to {n} medals in Riga, its best tournament in a decade.',
    },
  },
  'chess-display': {
    headline: 'Eleven-year-old beats {n} opponents at once {in}',
    lede: 'Eleven-year-old Zlata Pysanko won all {n} games of a chess display {in} that lasted almost five hours.',
    body: [
      'Among her opponents were two teachers, a bus driver and a judge, who held out longest. The only offer of a draw she declined politely.',
      '“I got tired of walking, not of thinking,” she said. The entrance money bought boards for the library.',
    ],
    later: {
      headline: 'Chess club opens in library {in} after display by eleven-year-old',
      lede: 'After Zlata Pysanko’s {n} wins the library {in} opened a chess club, and ran out of chairs on the first evening.',
    },
    again: {
      headline: 'All {n} games won: Zlata Pysanko, 11, sweeps chess display {in}',
      lede: 'Zlata Pysanko, aged eleven, spent almost five hours on her feet {in} and beat all {n} opponents of a chess display.',
    },
  },
  'para-swimming': {
    headline: 'Para swimming cup {in} gathers {n} athletes',
    lede: 'Swimmers from every region, {n} in all, have come to the para swimming cup {in}; a third of them compete for the first time.',
    body: [
      'Seven national records fell on the first day. The loudest applause went to veteran Andrii Shulyk, who came in last and waved.',
      'Ramps and tactile paths were built into the pool in {m} weeks. They will stay for the residents.',
    ],
    later: {
      headline: 'Para swimming cup {in} ends with nine national records',
      lede: 'The cup {in} ended with nine national records, and most of the {n} athletes have already signed up for the next one.',
    },
    again: {
      headline: '{n} athletes and seven records on first day of para swimming cup {in}',
      lede: 'The para swimming cup {in} opened with seven national records; {n} athletes take part, a third of them newcomers.',
    },
  },
  'stadium-reopens': {
    headline: 'Stadium {in} reopens with {n} seats',
    lede: 'The city stadium {in} has reopened after two years of repair with {n} seats, a shelter under the east stand and a running track open to all.',
    body: [
      'First on the track were pensioners from the houses nearby, who had asked for it in {m} letters.',
      'The first match is on Saturday. Those who worked on the site get in free.',
    ],
    later: {
      headline: 'Tickets for first match at renewed stadium {in} gone in hours',
      lede: 'All {n} seats of the renewed stadium {in} are taken for the first match; the club will put a screen on the square.',
    },
    again: {
      headline: 'Renewed stadium {in} opens: {n} seats and a shelter under the stand',
      lede: 'After two years of repair the stadium {in} is open again, with {n} seats, a shelter and a running track for everyone.',
    },
  },
  'mountain-race': {
    headline: 'Carpathian stage race sets off over {n} kilometres',
    lede: 'The Carpathian cycling race has begun: {n} kilometres and five passes lie ahead of the riders.',
    body: [
      'The longest stage ends at a dairy, where the winner receives a wheel of cheese instead of flowers.',
      'The favourites are last year’s winner Roman Yalynka and the debutant Yuliia Skelna, who rides in a mixed team. Rain is forecast.',
    ],
    later: {
      headline: 'Yalynka wins rainy first stage of Carpathian race',
      lede: 'Roman Yalynka took the first stage of the {n}-kilometre race in heavy rain, eleven seconds ahead of the field.',
    },
    again: {
      headline: 'Five passes and a wheel of cheese: Carpathian race begins',
      lede: 'Riders of the Carpathian cycling race have set off over {n} kilometres; rain is forecast on the passes.',
    },
  },

  'salt-road': {
    headline: 'Krutohora’s film “Salt Road” opens in {n} cinemas',
    lede: '“Salt Road”, a film by Zenovii Krutohora about a family of carters, opens this week in {n} cinemas.',
    body: [
      'It was shot in forty days by natural light. The oxen, the director says, were the most disciplined members of the cast.',
      'The premiere {in} was interrupted by an alert and went on two hours later from the same frame. Nobody had left.',
    ],
    later: {
      headline: '“Salt Road” stays in cinemas after full houses',
      lede: 'All {n} cinemas that show “Salt Road” have added screenings after a weekend of full houses.',
    },
    again: {
      headline: '“Salt Road”: Krutohora’s carters roll into {n} cinemas',
      lede: 'Zenovii Krutohora’s slow, bright film “Salt Road” reaches {n} cinemas this week, oxen and all.',
    },
  },
  'rapids-finds': {
    headline: 'Museum of the Rapids shows {n} finds from the river bed',
    lede: 'The Museum of the Rapids {in} has opened an exhibition of {n} things lifted from the dry river bed, from anchors to a school bell.',
    body: [
      'Students cleaned them all in a former laundry. Each label says who found the thing and what it was first taken for.',
      '“Half of the anchors were thought to be pipes,” said curator Yaryna Dubova. The exhibition is open until the end of the year.',
    ],
    later: {
      headline: 'Visitors help Museum of the Rapids to name three unknown finds',
      lede: 'Three of the {n} finds that had puzzled the museum were recognised by visitors: a comb, a ferry ticket and a toy.',
    },
    again: {
      headline: 'Anchors that were pipes: Museum of the Rapids opens show of {n} finds',
      lede: 'An exhibition of {n} finds from the dry river bed has opened {in}, each with the name of whoever picked it up.',
    },
  },
  'book-fair': {
    headline: 'Book fair {in} expects {n} publishers',
    lede: 'The book fair {in} will bring together {n} publishers, and every fifth new title is a debut, the organisers said.',
    body: [
      'There will be a night of reading aloud in the depot and a hospital for books, where bindings are mended on the spot.',
      'The programme has {m} events, half of which can be followed in sign language.',
    ],
    later: {
      headline: 'Book fair {in} stays open longer after queues on first day',
      lede: 'The book fair {in} will close two hours later: by noon some of the {n} publishers had run out of books.',
    },
    again: {
      headline: '{n} publishers and a hospital for books: fair opens {in}',
      lede: 'The book fair {in} has gathered {n} publishers, mends old bindings on the spot and reads aloud all night.',
    },
  },
  'children-choir': {
    headline: 'Choir of {n} children to sing {in} under Bandurko',
    lede: 'A choir of {n} children from twelve regions will sing {in} under the baton of Lukian Bandurko.',
    body: [
      'Half of the programme is lullabies that the children wrote down from their grandmothers. Some exist in three versions, and all three will be sung.',
      '“One cannot conduct so many children. One can only come to an agreement with them,” Bandurko joked at the rehearsal. Entrance is free.',
    ],
    later: {
      headline: 'Children’s choir {in} to sing once more',
      lede: 'The concert of {n} children {in} will be repeated on Sunday for those who listened from the street.',
    },
    again: {
      headline: 'Bandurko, {n} children and three versions of a lullaby: concert {in}',
      lede: 'Lukian Bandurko will conduct a choir of {n} children {in}; half of the programme comes from their grandmothers.',
    },
  },
  'embroidery-catalogue': {
    headline: 'Catalogue of {n} embroidery patterns goes online',
    lede: 'Volunteers have photographed {n} embroidery patterns from family chests and put the catalogue online for free use.',
    body: [
      'Each comes with the name of the village and, where the family remembers it, of the woman who made it.',
      'Many are from around {place}. “People unfold a towel and begin to talk. We write down both,” said ethnographer Mokryna Lavryk.',
    ],
    later: {
      headline: 'Schools to draw from catalogue of {n} embroidery patterns',
      lede: 'Art teachers have asked for a printed part of the catalogue, and fifty of the {n} patterns will go to schools.',
    },
    again: {
      headline: 'From the chest to the screen: {n} embroidery patterns catalogued',
      lede: 'A free online catalogue shows {n} embroidery patterns from family chests, many of them from around {place}.',
    },
  },
  'full-house': {
    headline: 'Theatre {in} sells out {n} nights in a row',
    lede: 'The drama theatre {in} has sold out its new play “The Waiting Room” for {n} nights in a row.',
    body: [
      'The play is about the passengers of a train that is twenty years late. It has four actors and eleven suitcases.',
      'Director Fedir Kvitchuk keeps ten tickets for those who come on the day: “There must be a chance for people who do not plan.”',
    ],
    later: {
      headline: '“The Waiting Room” to be played at a real station {in}',
      lede: 'After {n} full houses the theatre will play “The Waiting Room” in the waiting room of the railway station {in}.',
    },
    again: {
      headline: '“The Waiting Room” {in}: {n} nights, no empty seat',
      lede: 'A play about a train that is twenty years late has filled the theatre {in} for {n} nights in a row.',
    },
  },
  'tile-mural': {
    headline: 'Mural of {n} tiles unveiled {in}',
    lede: 'A mural of {n} ceramic tiles has been unveiled {in}; every one was painted by a resident.',
    body: [
      'From afar it is a heron over water, from nearby a crowd of small stories: dogs, windows, somebody’s first bicycle.',
      'The youngest author is three years old, the oldest ninety-six. Artist Severyn Hlynka left one tile empty “for whoever moves in next”.',
    ],
    later: {
      headline: 'Guide helps to find one’s own tile in mural {in}',
      lede: 'So many people looked for their own among the {n} tiles {in} that the city has published a guide by name.',
    },
    again: {
      headline: 'A heron of {n} tiles: residents paint a mural {in}',
      lede: 'Residents {in} painted {n} ceramic tiles, and artist Severyn Hlynka made of them a mural with a heron.',
    },
  },
  'wax-cylinders': {
    headline: 'Archive {in} puts {n} wax-cylinder recordings online',
    lede: 'The sound archive {in} has put online {n} songs and tales that were recorded on wax cylinders a century ago.',
    body: [
      'They were read by laser, without touching the wax, over six winters. On one the collector can be heard asking someone to close the door.',
      '“There is a rooster, too. He has been famous since morning,” said archivist Teklia Riasna. The recordings may be used freely.',
    ],
    later: {
      headline: 'Rooster from wax cylinder becomes a ringtone',
      lede: 'Of the {n} recordings that the archive published, listeners chose the one with the rooster most often.',
    },
    again: {
      headline: 'Songs from wax: archive {in} opens {n} century-old recordings',
      lede: 'A laser read {n} wax-cylinder recordings without touching them, and the sound archive {in} has put them online.',
    },
  },

  'stork-count': {
    headline: '{n} stork nests counted near {place}',
    lede: 'Volunteers have counted {n} inhabited stork nests near {place}, {m}% more than last year.',
    body: [
      'Half of the nests are on power poles; at the most stubborn addresses the energy company has put up platforms.',
      '“A stork is a reliable neighbour: it comes on the same day and asks for nothing,” said coordinator Nadiia Ozerianska.',
    ],
    later: {
      headline: 'More platforms for storks to be put up near {place}',
      lede: 'After the count of {n} nests the energy company will move another twenty of them from poles to platforms.',
    },
  },
  'library-bus': {
    headline: 'Library bus from {place} sets out for {n} villages',
    lede: 'A bus with three thousand books has set out from {place} for {n} villages whose library is closed or destroyed.',
    body: [
      'A book may be kept until the next visit, in three weeks. Detective stories are asked for most, then books about bees.',
      '“In one village we were met by a brass band. It has four members, but still,” said Bohdan Stavchuk, driver and librarian.',
    ],
    later: {
      headline: 'Second library bus to leave from {place}',
      lede: 'The first bus no longer manages {n} villages in three weeks, and a second will leave from {place} in a month.',
    },
  },
  'night-train': {
    headline: 'Night train from {place} carries {n} passengers in its first week',
    lede: 'The new night train from {place} to the mountains carried {n} passengers in its first week, the railway said.',
    body: [
      'It has a car for bicycles and a car for silence; tickets for the second sell out first.',
      'The train arrives before the first bus, so passengers asked the station for tea at five in the morning. The station agreed.',
    ],
    later: {
      headline: 'Night train from {place} to run all summer',
      lede: 'After {n} passengers in one week the railway has kept the night train from {place} for the whole summer.',
    },
  },
  'school-menus': {
    headline: '{n} schools {in} change their menus, borsch stays',
    lede: 'New menus have come to {n} schools {in}: less sugar, more fish and, by demand of the pupils, borsch twice a week.',
    body: [
      'The dishes were tested by a jury of fourth-formers, who rejected the broccoli bake four times and accepted it the fifth.',
      '“The secret was to call it a forest,” explained cook Zhanna Kotelnyk. The price of a meal has not changed.',
    ],
    later: {
      headline: 'Parents {in} invited to taste the new school menu',
      lede: 'On Thursday parents may eat in any of the {n} schools {in}, with the same spoon and in the same twenty minutes.',
    },
  },
  'shelter-dogs': {
    headline: '{n} dogs from shelter {in} find a home in one day',
    lede: 'On an open day of the animal shelter {in} {n} dogs found a home, twice as many as in spring.',
    body: [
      'Each dog had a letter written in its name by schoolchildren. “I snore, but honestly” was the most successful of them.',
      'The shelter asked the new owners for photographs, and recalled that the cats are waiting too.',
    ],
    later: {
      headline: 'Shelter {in} to repeat its open day, this time for cats',
      lede: 'After {n} dogs found a home in one day, the shelter {in} invites guests again: the cats have written letters as well.',
    },
  },
  downpour: {
    headline: '{n} millimetres of rain fall {in} in an hour',
    lede: 'A downpour brought {n} millimetres of rain {in} within an hour; several streets were flooded, nobody was hurt.',
    body: [
      'Buses were rerouted, and rescuers pulled {m} cars out of an underpass. By evening the water had gone.',
      'Forecasters expect another thunderstorm at night and ask drivers not to park under trees.',
    ],
    later: {
      headline: 'Streets {in} open again after downpour',
      lede: 'All streets {in} are open again after a downpour of {n} millimetres, the municipal services reported.',
    },
  },
  seedlings: {
    headline: 'Pensioners {in} grow {n} seedlings for the city',
    lede: 'A pensioners’ club {in} has grown {n} seedlings of flowers and tomatoes on its windowsills and given them to the city.',
    body: [
      'The flowers go to the parks, the tomatoes to a hospital garden. Each pot bears the telephone number of whoever grew it, in case it falls ill.',
      '“It is never the plant that calls,” laughed the head of the club, Raisa Levadna, “but people like to know whom to thank.”',
    ],
    later: {
      headline: 'First seedlings grown by pensioners planted in parks {in}',
      lede: 'Gardeners {in} have planted the first thousand of the {n} seedlings, and the club came along to check how.',
    },
  },
  'home-scholarships': {
    headline: '{n} students get scholarships for a summer at home',
    lede: 'Scholarships have gone to {n} students who will spend the summer on a project in the community they come from.',
    body: [
      'Among the projects are a map of wells, a puppet theatre and a timetable of the buses that do in fact run.',
      'The fund was set up by a farmer from near {place} who asked not to be named, “so that nobody writes thank-you letters in verse”.',
    ],
    later: {
      headline: 'Students with home scholarships start with a map of wells',
      lede: 'The first of the {n} projects is ready: a map shows which village wells have water and which only a sweep.',
    },
  },

  prostheses: {
    headline: 'Clinic {in} fits {n} prostheses in a month',
    lede: 'A rehabilitation clinic {in} fitted {n} prostheses in a month and cut the wait from ten weeks to three.',
    body: [
      'Sockets are now printed on the spot overnight. A patient tries one on in the morning and says by noon what is wrong with it.',
      '“We do not teach people to walk. We teach them to forget that they are walking,” said chief physician Liubomyr Vasylchyn.',
    ],
    later: {
      headline: 'Clinic {in} to train prosthetists from other regions',
      lede: 'The clinic {in} that fits {n} prostheses a month will take specialists from six regions for training.',
    },
  },
  'mobile-vaccination': {
    headline: 'Mobile teams vaccinate {n} children in a week',
    lede: 'Mobile teams vaccinated {n} children against measles and polio in a week, health minister Solomiia Haidash said.',
    body: [
      'They drive to villages that have no doctor. With one of the teams travels a clown, and in that district, the minister noted, nobody cries.',
      'Coverage has reached {m}%. “We need a few more points and no rumours,” she added.',
    ],
    later: {
      headline: 'Mobile vaccination teams to work until winter - Haidash',
      lede: 'After {n} vaccinations in a week the mobile teams will stay on the road until winter, Solomiia Haidash said.',
    },
  },
  'video-doctors': {
    headline: '{n} villages near {place} see doctors by video',
    lede: 'Residents of {n} villages near {place} can now see a heart or skin specialist by video from the village health post.',
    body: [
      'A nurse sits with the patient and holds the camera. Two visits in three end without a journey to the city.',
      '“My blood pressure is better when I need not take the bus at five,” said 78-year-old Yavdokha Rudenchuk.',
    ],
    later: {
      headline: 'Children’s doctors join video visits near {place}',
      lede: 'The {n} villages near {place} will be able to show children to a doctor by video as well, in the evening too.',
    },
  },
  'flu-falls': {
    headline: 'Flu and colds fall by {m}% in a week',
    lede: 'Doctors registered {n} thousand cases of flu and colds in a week, {m}% fewer than the week before, the health ministry said.',
    body: [
      'Hospitals have beds and medicine enough, and most schools have ended their quarantine.',
      'Solomiia Haidash asked people not to throw away their masks yet: the second wave usually comes with the first warm days.',
    ],
    later: {
      headline: 'Schools return to ordinary lessons as flu recedes',
      lede: 'With flu and colds down by {m}% almost all schools have gone back to ordinary lessons, the health ministry said.',
    },
  },
  'blood-donors': {
    headline: 'Donors {in} give {n} litres of blood in a day',
    lede: 'A donor day {in} brought {n} litres of blood, more than the blood centre had ever received between dawn and dusk.',
    body: [
      'The queue formed at six in the morning. Those who could not give blood brought pies and stood with the others.',
      'The centre now has reserves for three weeks, and asks donors with rare groups to book a time in the app.',
    ],
    later: {
      headline: 'Blood centre {in} books donors a month ahead',
      lede: 'After the day of {n} litres the blood centre {in} has no free hour for a month, and thanks everyone for patience.',
    },
  },
  ambulances: {
    headline: '{n} new ambulances delivered to {place}',
    lede: 'Crews {in} have received {n} ambulances with winter tyres, defibrillators and heating that works with the engine off.',
    body: [
      'The drivers spent two days on a wet training ground. The youngest is twenty-three, the most careful is sixty.',
      'The average time of arrival in the city should fall to {m} minutes.',
    ],
    later: {
      headline: 'New ambulances {in} answer their first calls',
      lede: 'The {n} new ambulances {in} have been out on their first calls, one of them to a birth in a lift.',
    },
  },
  'teen-sleep': {
    headline: 'Study of {n} teenagers: later lessons, better sleep',
    lede: 'Lessons that begin at nine add half an hour of sleep a night, a study of {n} teenagers in eight cities has shown.',
    body: [
      'Marks in mathematics rose slightly, quarrels at breakfast fell noticeably, the authors write.',
      '“The alarm clock is the least studied of all medical devices,” said Neonila Hai of the sleep laboratory {in}.',
    ],
    later: {
      headline: 'Six cities to try later lessons after study of sleep',
      lede: 'After the study of {n} teenagers six cities will let some of their schools begin at nine from next term.',
    },
  },
  'nurses-course': {
    headline: '{n} nurses complete course in first psychological aid',
    lede: 'Another {n} nurses have completed a course in first psychological aid and go back to work in ordinary clinics.',
    body: [
      'The main exercise is to be silent for two minutes. Most say that it was the hardest.',
      '“A person seldom comes to talk about grief. He comes because his back hurts,” said Solomiia Haidash at the graduation {in}.',
    ],
    later: {
      headline: 'Course in first psychological aid opened to pharmacists',
      lede: 'After {n} nurses the course will be open to pharmacists, to whom, the ministry says, people talk most of all.',
    },
  },

  'state-app': {
    headline: 'State app to gain {n} services this month',
    lede: 'The state services app will gain {n} functions this month, from registering a birth in one form to paying for school meals.',
    body: [
      'Pensioners in five libraries tried everything first: wherever someone stopped for more than ten seconds, the screen was redrawn.',
      '“If my mother does not call me, the release is ready,” said digital minister Melaniia Obolonets.',
    ],
    later: {
      headline: 'New services of state app reach all users',
      lede: 'All {n} new functions of the state app are on, and the minister’s mother, Melaniia Obolonets reported, did not call.',
    },
    again: {
      headline: 'Births and school meals: {n} new services come to state app',
      lede: 'Pensioners tested them first: the state services app adds {n} functions this month, digital minister Melaniia Obolonets said.',
    },
  },
  'student-satellite': {
    headline: 'Students’ satellite sends its first {n} pictures',
    lede: 'A satellite the size of a milk carton, built by students {in}, has sent its first {n} pictures of the Earth.',
    body: [
      'It weighs less than two kilograms and passes over its own laboratory twice a day. The team waves each time, just in case.',
      'The pictures will help to follow forest fires and spring floods, and are published without restrictions.',
    ],
    later: {
      headline: 'Students’ satellite notices a forest fire',
      lede: 'Among its first {n} pictures the satellite of the students {in} sent one with smoke, and foresters arrived in an hour.',
    },
    again: {
      headline: 'Satellite the size of a milk carton: students {in} get {n} pictures',
      lede: 'Students {in} have received the first {n} pictures from a satellite of their own, which weighs less than two kilograms.',
    },
  },
  'weeding-robot': {
    headline: 'Robot weeds {n} hectares of beet near {place} without chemicals',
    lede: 'A field robot has weeded {n} hectares of sugar beet near {place}, telling beet from goosefoot by the leaf.',
    body: [
      'It moves at the pace of a person on foot and at night works by its own light.',
      '“The neighbours call to say that there is a UFO in my field,” said farmer Klym Bereznyi. The makers plan a series of {m} machines.',
    ],
    later: {
      headline: 'Makers of weeding robot receive their first orders',
      lede: 'After the trial on {n} hectares near {place} the makers of the weeding robot have orders for a whole season.',
    },
    again: {
      headline: 'No chemicals, its own light: robot weeds {n} hectares near {place}',
      lede: 'Beet growers near {place} let a robot weed {n} hectares without chemicals; a series of {m} machines is planned.',
    },
  },
  'village-fibre': {
    headline: '{n} more villages get fibre-optic internet',
    lede: 'Fibre-optic internet has reached {n} more villages; schools and health posts were connected first, the digital ministry said.',
    body: [
      'The lines hang on power poles and have batteries at the nodes, so that they work for three days without electricity.',
      'In a village near {place} the first thing ordered was a piano course, and the second a part for a tractor.',
    ],
    later: {
      headline: 'Villages with new fibre lines share them with neighbours',
      lede: 'A tenth of the {n} newly connected villages have run a line on to the next one themselves, the digital ministry said.',
    },
    again: {
      headline: 'Fibre-optic lines reach {n} more villages, schools first',
      lede: 'Another {n} villages are on fibre-optic internet that outlasts three days without power, the digital ministry says.',
    },
  },
  'old-handwriting': {
    headline: 'Program reads {n} thousand pages of old handwriting',
    lede: 'A program written {in} has read {n} thousand pages of parish registers in eighteenth-century handwriting and made them searchable.',
    body: [
      'It errs in three letters of a hundred, less than a tired historian. Doubtful words are marked and left to volunteers.',
      '“People find a great-great-grandmother in four seconds and then sit in silence for an hour,” said developer Illia Chornylnyk.',
    ],
    later: {
      headline: 'Search in old parish registers opens to everyone',
      lede: 'The {n} thousand pages that the program has read can now be searched by anyone, free of charge and without registration.',
    },
    again: {
      headline: 'Three mistakes in a hundred letters: program reads old parish registers',
      lede: 'Developers {in} have made {n} thousand pages of eighteenth-century handwriting searchable with a program that marks its doubts.',
    },
  },
  'phishing-sites': {
    headline: 'Cyber team takes down {n} phishing sites in a week',
    lede: 'The state cyber team has taken down {n} phishing sites in a week; most imitated banks or payments of aid.',
    body: [
      'A site lived for four hours on average. Nine in ten were reported by users, who need one button for it.',
      '“If a message hurries you, that is already an answer,” digital minister Melaniia Obolonets recalled.',
    ],
    later: {
      headline: 'One page served as pattern for a third of phishing sites',
      lede: 'A third of the {n} phishing sites were copies of one page, spelling mistakes included, the cyber team found.',
    },
    again: {
      headline: 'Four hours to live: cyber team closes {n} phishing sites',
      lede: 'The state cyber team took down {n} phishing sites in a week, nine in ten of them on a hint from users.',
    },
  },
  'sodium-battery': {
    headline: 'Sodium battery from laboratory {in} survives {n} charges',
    lede: 'A sodium battery developed {in} has survived {n} charges almost without loss, the university laboratory reported.',
    body: [
      'It is heavier than a lithium one, but costs a third as much and does not burn. Its first job is to light the laboratory’s own corridor.',
      '“We would like it to be boring,” said the head of the group, Stefaniia Iskra. Talks are under way with two makers of buses and one of wheelchairs.',
    ],
    later: {
      headline: 'Maker of buses to test sodium battery developed {in}',
      lede: 'After {n} charges in the laboratory the sodium battery will spend a winter under the floor of an ordinary bus.',
    },
    again: {
      headline: 'Cheap, heavy and does not burn: sodium battery lasts {n} charges',
      lede: 'A laboratory {in} reports {n} charges of its sodium battery almost without loss, at a third of the price of lithium.',
    },
  },
  'access-hackathon': {
    headline: '{n} teams look for barrier-free transport at hackathon {in}',
    lede: 'For two days {n} teams at a hackathon {in} look for ways to make buses and stops easier without sight, hearing or stairs.',
    body: [
      'Every team has someone who needs the solution. The first rule of the house: nobody is helped without being asked.',
      'The winner gets a trolleybus for a day to try the idea out, and a driver who has promised to be strict.',
    ],
    later: {
      headline: 'Talking bus stop wins hackathon {in}',
      lede: 'Of {n} teams the jury {in} chose the one whose bus stop tells what is coming and how full it is.',
    },
    again: {
      headline: 'Hackathon {in}: {n} teams, one trolleybus and a strict driver',
      lede: 'At a hackathon {in} {n} teams work on barrier-free transport; the winner gets a trolleybus for a day.',
    },
  },
};
