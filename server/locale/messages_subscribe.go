package locale

var subscribeMessages = map[string]message{
	"heading": {"This is a web feed", "Ceci est un fil web", "Esto es un canal web", "Isto é um feed"},
	"text": {
		"It is made for feed readers: programs and sites that tell you when something new is there. Copy one of these addresses into yours. There is nothing to sign up for, and nobody learns that you read it.",
		"Il est fait pour les lecteurs de fils\u202f: des programmes et des sites qui vous disent quand il y a du nouveau. Copiez l’une de ces adresses dans le vôtre. Rien à quoi s’inscrire, et personne n’apprend que vous le lisez.",
		"Está hecho para lectores de canales: programas y sitios que le avisan cuando hay algo nuevo. Copie una de estas direcciones en el suyo. No hay que registrarse, y nadie se entera de que lo lee.",
		"É feito para leitores de feeds: programas e sites que avisam quando há algo novo. Copie um destes endereços para o seu. Não há nada em que se inscrever, e ninguém fica sabendo que você o lê.",
	},
	"addresses": {"Its addresses", "Ses adresses", "Sus direcciones", "Os seus endereços"},
	"newest":    {"Newest in it", "Ce qu’il a de plus récent", "Lo más reciente", "O mais recente"},
	"page":      {"The page of the same articles", "La page des mêmes articles", "La página de los mismos artículos", "A página dos mesmos artigos"},
	"raw":       {"The feed itself", "Le fil lui-même", "El canal en sí", "O feed em si"},
}
